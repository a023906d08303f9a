"""What was sent to a party, and how far it came, as pages show it."""

from dataclasses import dataclass
from datetime import datetime

from mediation.services import notices
from mediation.services.texting import EMAIL
from mediation.store.db import db
from mediation.store.models import Handover, Party
from mediation.web.context import office
from mediation.web.opened import Opened


@dataclass(frozen=True, slots=True)
class Text:
    """A text message or a letter by mail that was sent to the reader."""

    body: str
    at: datetime
    came: str = ""
    """`handed`, `waits`, `lost`, or as reported `delivered` or `failed`; nothing where no gateway is."""
    way: str = "sms"


def texts(opened: Opened) -> list[Text]:
    """Only to their recipient: the links in them open his case."""
    for one in opened.case.parties:
        if opened.actor.id == f"party:{one.id}":
            found = notices.sent_to(db.session(), one)
            return [
                Text(sent.body, sent.at, came(handover), handover.way if handover else "sms")
                for sent, handover in found
            ]
    return []


def unreached(one: Party) -> bool:
    """Whether the last text to this party, as far as it is known, has not arrived."""
    texted = [came(handover) for _, handover in notices.sent_to(db.session(), one) if _is_text(handover)]
    return bool(texted) and texted[0] in ("lost", "failed")


def _is_text(handover: Handover | None) -> bool:
    return handover is None or handover.way != EMAIL


def came(handover: Handover | None) -> str:
    """How far a text or letter has come, as a word that pages know."""
    if handover is None or not (office().mail if handover.way == EMAIL else office().gateway):
        return ""
    if handover.report:
        return handover.report
    if handover.handed_at:
        return "handed"
    return "waits" if handover.due_at else "lost"
