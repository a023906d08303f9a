"""Evidence of a case: handed in by one act, kept as a file under its SHA-256, shown to whom it is for.

Files before entries, as with papers: whoever dies in between leaves a file that nobody knows, never an
entry without its file.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mediation.documents.cleaning import cleaned
from mediation.documents.sniffing import NotTaken
from mediation.domain.evidence import MOST_ITEMS, MOST_OF_ONE, Item, numbered, owner
from mediation.domain.facts import Facts, decode
from mediation.domain.fields import Invalid
from mediation.engine.asking import Actor, Ask
from mediation.services.casework import NoSuchCase, Step, fire
from mediation.services.offices import Office
from mediation.store import vault
from mediation.store.steps import Sheet
from mediation.store.vault import Spoilt

ADD = "add_evidence"
STAFF = ("clerk", "mediator", "admin")
VIEW, SMALL = ".view", ".small"
"""The endings of the clean copy and of the small one; the original has none."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that was judged and cleaned, and waits to be handed in."""

    digest: str
    kind: str
    media: str
    size: int
    original: bytes
    view: bytes
    small: bytes

    @property
    def said(self) -> dict[str, object]:
        """What the entry says of it."""
        return {
            "digest": self.digest,
            "kind": self.kind,
            "media": self.media,
            "size": self.size,
            "audience": "own",
        }


def judged(content: bytes) -> Ready:
    """Judge and clean a file.  Raises Invalid with a problem of the field `file`."""
    try:
        made = cleaned(content)
    except NotTaken as refused:
        raise Invalid({"file": refused.code}) from None
    found = made.found
    digest = hashlib.sha256(content).hexdigest()
    return Ready(digest, found.kind, found.media, len(content), content, made.view, made.small)


def keep(office: Office, ready: Ready) -> None:
    """Put the files of it where they belong, sealed; nobody knows of them before an entry does."""
    for ending, content in (("", ready.original), (VIEW, ready.view), (SMALL, ready.small)):
        if content:
            vault.put(office.evidence, office.keys, ready.digest + ending, content)


def hand_in(  # noqa: PLR0913, PLR0917 - who, what, to which case, when
    session: Session, office: Office, case_id: int, actor: Actor, ready: Ready, at: datetime
) -> Step:
    """Enter a file that was kept in the log of its case.  The caller commits.

    What is handed in does not depend on what was seen of the case: that it has moved meanwhile is no
    reason to refuse it.  Raises Refused; Invalid where there is room for no more.
    """
    row = Sheet.under(session).read(case_id)  # nobody else moves it until the transaction ends
    if row is None:
        raise NoSuchCase(case_id)
    ask = Ask(ADD, actor, row.revision, at, {"evidence": ready.said})
    his = [item.size for item in decode(row.facts).evidence if item.owner == owner(ask)]
    if len(his) >= MOST_ITEMS:
        raise Invalid({"file": "too_many_files"})
    if sum(his) + ready.size > MOST_OF_ONE:
        raise Invalid({"file": "sent_enough"})
    return fire(session, office.catalogue, case_id, ask)


def visible(facts: Facts, actor: Actor) -> list[tuple[int, Item]]:
    """What `actor`, who may open this case, may see of it, numbered: deny by default.

    His own, and what its owner has opened; staff all of it.
    """
    if actor.role in STAFF:
        return list(numbered(facts.evidence))
    if (actor.role, actor.seat) not in facts.seats:
        return []
    mine = (actor.role, actor.seat)
    return [(number, item) for number, item in numbered(facts.evidence) if item.opened or item.owner == mine]


def one(facts: Facts, actor: Actor, digest: str) -> Item | None:
    """The item with this digest that `actor` may see, if there is any."""
    return next((item for _, item in visible(facts, actor) if item.digest == digest), None)


def original(office: Office, digest: str) -> bytes:
    """The bytes as they were handed in.  Raises OSError, Spoilt."""
    content = vault.get(office.evidence, office.keys, digest)
    if hashlib.sha256(content).hexdigest() != digest:
        raise Spoilt(digest)
    return content


def copy(office: Office, item: Item, ending: str) -> bytes:
    """The clean copy for readers; made again from the original if it is lost.

    Raises OSError, Spoilt, Invalid.
    """
    name = item.digest + ending
    try:
        return vault.get(office.evidence, office.keys, name)
    except (OSError, Spoilt):
        keep(office, judged(original(office, item.digest)))
    return vault.get(office.evidence, office.keys, name)
