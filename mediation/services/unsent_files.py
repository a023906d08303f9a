"""Photos, documents and recordings of an application that is not filed yet; they go with it.

Sealed in the database, so that they are thrown away with the application, all of it or nothing; when it
is filed they become evidence of its case.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mediation.domain.evidence import MOST_OF_ONE
from mediation.domain.fields import Invalid
from mediation.engine.asking import Actor
from mediation.services import evidence, limits, spare
from mediation.services.casework import Step
from mediation.services.evidence import Ready
from mediation.services.offices import Office
from mediation.services.unsent import Held
from mediation.store import vault
from mediation.store.models import UnsentFile

MOST = 20
MOST_RECORDINGS = 3
_ABOUT = (UnsentFile.id, UnsentFile.digest, UnsentFile.kind, UnsentFile.media, UnsentFile.size)


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of an unsent application, with its number among those of its kind."""

    id: int
    digest: str
    kind: str
    media: str
    size: int
    number: int


def listed(session: Session, mine: Held) -> list[Kept]:
    """What was added so far, in its order."""
    counts: dict[str, int] = {}
    found = []
    query = select(*_ABOUT).where(UnsentFile.unsent_id == mine.id).order_by(UnsentFile.id)
    for number, digest, kind, media, size in session.execute(query):
        counts[kind] = counts.get(kind, 0) + 1
        found.append(Kept(number, digest, kind, media, size, counts[kind]))
    return found


def add(session: Session, office: Office, mine: Held, ready: Ready, at: datetime) -> None:
    """Keep a file that was judged.  The caller commits, and holds the application's row.  Raises Invalid."""
    there = listed(session, mine)
    if any(one.digest == ready.digest for one in there):
        raise Invalid({"file": "file_twice"})
    if len(there) >= MOST:
        raise Invalid({"file": "too_many_unsent_files"})
    if ready.kind == "recording" and sum(one.kind == "recording" for one in there) >= MOST_RECORDINGS:
        raise Invalid({"file": "too_many_recordings"})
    if sum(one.size for one in there) + ready.size > MOST_OF_ONE:
        raise Invalid({"file": "sent_enough"})
    spare.for_more(session, ready.size, at)
    sealed = {
        name: vault.seal(office.keys, _name(ready.digest, name), content)
        for name, content in (("original", ready.original), ("view", ready.view), ("small", ready.small))
    }
    about = {"digest": ready.digest, "kind": ready.kind, "media": ready.media, "size": ready.size}
    came = {"network": limits.network(session), "at": at}
    session.add(UnsentFile(unsent_id=mine.id, **about, **sealed, **came))
    session.flush()


def drop(session: Session, mine: Held, number: int) -> None:
    """Take one away: nobody has seen it yet.  The caller commits."""
    session.execute(delete(UnsentFile).where(UnsentFile.id == number, UnsentFile.unsent_id == mine.id))


def small(session: Session, office: Office, mine: Held, number: int) -> bytes | None:
    """The small copy of a photo of this application; None where there is none."""
    query = select(UnsentFile.digest, UnsentFile.small)
    row = session.execute(query.where(UnsentFile.id == number, UnsentFile.unsent_id == mine.id)).one_or_none()
    return vault.unseal(office.keys, _name(row[0], "small"), row[1]) or None if row else None


def put_in_place(session: Session, office: Office, mine: Held) -> set[str]:
    """Bring the files where those of cases lie, before any entry names them; their digests."""
    done = set()
    for ready in _all(session, office, mine):
        evidence.keep(office, ready)
        done.add(ready.digest)
    return done


def hand_in(  # noqa: PLR0913, PLR0917 - whose, to which case, by whom, when
    session: Session, office: Office, mine: Held, there: set[str], case_id: int, actor: Actor, at: datetime
) -> Step | None:
    """Make the files evidence of the case; `there` are those in place.  None where there is none.

    The caller commits, and then takes the application away.  Raises Refused.
    """
    step = None
    for one in listed(session, mine):
        if one.digest not in there:  # it came while the others were brought there
            put_in_place(session, office, mine)
        about = Ready(one.digest, one.kind, one.media, one.size, b"", b"", b"")
        step = evidence.hand_in(session, office, case_id, actor, about, at)
    return step


def _all(session: Session, office: Office, mine: Held) -> Iterator[Ready]:
    """Each with its content, one at a time."""
    for one in listed(session, mine):
        row = session.get_one(UnsentFile, one.id)
        content = [
            vault.unseal(office.keys, _name(one.digest, name), getattr(row, name))
            for name in ("original", "view", "small")
        ]
        session.expunge(row)
        yield Ready(one.digest, one.kind, one.media, one.size, *content)


def _name(digest: str, which: str) -> str:
    return f"unsent {digest} {which}"
