"""What was tried to reach an employer: texts that were composed, and what staff have logged."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.domain.facts import day
from mediation.store.models import Entry, OutgoingNotice, SentMessage

TEXTED = ("contact_employer", "contact_again", "confirm_assignment")
"""Acts that send the employer a text."""
LOGGED, REOPENED = "log_attempt", "reopen"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: the day, and the codes of its way and its outcome."""

    on: date
    way: str
    outcome: str


def attempts_of(
    session: Session, cases: Collection[int], until: int | None = None
) -> Mapping[int, list[Attempt]]:
    """The attempts of each of these cases since it was last taken up, the first first.

    `until` is the last entry that is looked at, None for all.
    """
    found: dict[int, list[Attempt]] = {case: [] for case in cases}
    texted = {(row.case_id, row.entry) for row in session.execute(_TEXTS.where(_NOTED.in_(found)))}
    query = select(Entry).where(Entry.case_id.in_(found), Entry.action.in_((*TEXTED, LOGGED, REOPENED)))
    if until is not None:
        query = query.where(Entry.number <= until)
    for entry in session.scalars(query.order_by(Entry.case_id, Entry.number)):
        mine = found[entry.case_id]
        if entry.action == REOPENED:
            mine.clear()
        elif entry.action == LOGGED:
            said: dict[str, str] = msgspec.json.decode(entry.data)
            mine.append(Attempt(day(entry.at), said["way"], said["outcome"]))
        elif (entry.case_id, entry.number) in texted:
            mine.append(Attempt(day(entry.at), "sms", "sent"))
    return found


_NOTED = OutgoingNotice.case_id
_TEXTS = (
    select(OutgoingNotice.case_id, OutgoingNotice.entry)
    .join(SentMessage, SentMessage.notice_id == OutgoingNotice.id)
    .where(OutgoingNotice.audience == "employer")
)
