"""The outbox: who is told what, decided when it is sent, after the commit."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

import yaml
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mediation.domain.facts import BEIJING
from mediation.domain.organisation import Organisation
from mediation.resources import folder
from mediation.services import agents, limits, mail, texting
from mediation.services.limits import NAMED
from mediation.services.mailboxes import address_of, addresses
from mediation.services.offices import Office
from mediation.store.cases import facts_of
from mediation.store.models import Agent, Case, Handover, OutgoingNotice, Party, Person, SentMessage

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LONGEST = {"zh": 70, "en": 134}
"""Characters of a text, its signature included: one SMS in China, in English two parts of one."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BETWEEN_THEM = ("verify_agent", "end_agent")
"""What is said of an agent to whoever named him is said to nobody else."""
TO_WHO_WAITS = ("submit", "end_agent", "approve_rejection", "refer")
"""What an agent is told whose authority is not checked, without a link: it would open nothing."""
_FILES = {"zh": "sms.yaml", "en": "sms.en.yaml"}


@cache
def texts(language: str = "zh") -> Mapping[str, Mapping[str, str]]:
    """act → recipient → text; staff have none in English."""
    source = (folder("templates") / "notices" / _FILES[language]).read_text("utf-8")
    found: Mapping[str, Mapping[str, str]] = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 - text only
    return found


def signed(organisation: Organisation, text: str) -> str:
    """A text with the sender's signature in front, as operators demand it."""
    return f"【{organisation.sms_signature}】{text}"


def code_text(organisation: Organisation, language: str = "zh") -> str:
    """The text around a one-time code, with its place {code}."""
    return signed(organisation, str(texts(language)["code"]))


def left_text(organisation: Organisation, link: str, last: date, language: str = "zh") -> str:
    """What whoever left an application is told, by when to go on with it (its `last` day)."""
    said = str(texts(language)["left_behind"])
    return signed(organisation, said.format(link=link, day=_date(last, language)))


def former_phone_text(organisation: Organisation, language: str = "zh") -> str:
    """What a phone is told that is no longer on record: its owner may not have wanted that."""
    return signed(organisation, str(texts(language)["former_phone"]))


def waiting(session: Session, at: datetime, most: int = 200) -> list[OutgoingNotice]:
    """Notices not yet sent that may be sent now, the oldest first, taken by one sender at a time."""
    now = or_(OutgoingNotice.not_before.is_(None), OutgoingNotice.not_before <= at)
    query = select(OutgoingNotice).where(OutgoingNotice.sent_at.is_(None), now).order_by(OutgoingNotice.id)
    return list(session.scalars(query.limit(most).with_for_update(skip_locked=True)))


def send(session: Session, office: Office, at: datetime) -> int:
    """Send what waits in the outbox; how many texts went out.  The caller commits.

    A text may go out twice if the commit fails after it; never not at all.
    """
    gone = 0
    for notice in waiting(session, at):
        case = session.get_one(Case, notice.case_id)
        notice.attempts += 1
        notice.sent_at = at
        for phone, party in recipients(session, case, notice, at):
            text = _text(office, case, notice, party)
            if text and phone and notice.audience == NAMED and limits.named_enough(session, phone, at):
                session.add(_tomorrow(notice, party, at))
            elif text and phone:
                body = signed(office.organisation, text)
                texting.text(session, SentMessage(notice_id=notice.id, phone=phone, body=body, at=at))
                gone += 1
        for address, whose in mailboxes(session, case, notice, at) if office.mail else ():
            if written := _letter(office, case, notice, whose):
                letter = SentMessage(notice_id=notice.id, phone=address, body=written, at=at)
                texting.text(session, letter, way=texting.EMAIL)
                gone += 1
    session.flush()
    return gone


def _tomorrow(notice: OutgoingNotice, party: Party | Agent | None, at: datetime) -> OutgoingNotice:
    """The same for one of those whom it is for, a day later: nobody's phone rings by many lists."""
    return OutgoingNotice(
        case_id=notice.case_id,
        entry=notice.entry,
        audience=notice.audience,
        seat=party.seat if party else notice.seat,
        template=notice.template,
        made_at=notice.made_at,
        not_before=at + limits.A_DAY,
    )


def recipients(
    session: Session, case: Case, notice: OutgoingNotice, at: datetime
) -> list[tuple[str, Party | Agent | None]]:
    """Phones, each beside whose it is, None for staff; clerks see everything in their inbox and get no text.

    Whoever acts for a party now is told what it is told; whoever did yesterday is not.
    """
    if notice.audience == "mediator":
        return [(person.phone, None) for person in _mediator(session, case)]
    facts, told = facts_of(case), _told(case, notice)
    acting = agents.standing(session, case, facts, at)
    if notice.audience == "agent":
        meant = facts.authorities[notice.seat or 0].ref
        # Whoever filed is told so while his paper waits to be checked, and that it does not hold.
        heard = agents.agents_of(session, case) if notice.template in TO_WHO_WAITS else acting
        return [(one.phone, one) for one in heard if one.ref == meant]
    owners = {(one.side, one.seat) for one in told if notice.template not in BETWEEN_THEM}
    theirs = [one for one in acting if (one.side, one.seat) in owners]
    return [*((one.phone, one) for one in told), *((one.phone, one) for one in theirs)]


def mailboxes(
    session: Session,
    case: Case,
    notice: OutgoingNotice,
    at: datetime,  # noqa: ARG001 - called in the place of `recipients`
) -> list[tuple[str, Party]]:
    """Mail addresses of those parties that have one, beside the party."""
    found = ((address_of(session, party), party) for party in _told(case, notice))
    return [(address, party) for address, party in found if address]


def _link(office: Office, party: Party | Agent) -> str:
    return f"{office.organisation.link_base}/k/{party.key}"


def _told(case: Case, notice: OutgoingNotice) -> list[Party]:
    """The parties that a notice is for, of those that are still in the case."""
    if notice.audience not in ("workers", NAMED, "employer"):
        return []
    facts = facts_of(case)
    side = "employer" if notice.audience == "employer" else "worker"
    in_it = [("worker", seat) for seat in facts.unconfirmed] if notice.audience == NAMED else facts.seats
    return [
        party
        for party in case.parties
        if party.side == side and (side, party.seat) in in_it and notice.seat in (None, party.seat)
    ]


def _letter(office: Office, case: Case, notice: OutgoingNotice, party: Party) -> str | None:
    said = _text(office, case, notice, party)
    if not said:
        return None
    link = _link(office, party)
    return mail.composed(office.organisation, said, short(case.number), link, notice_code(party.key))


def _mediator(session: Session, case: Case) -> list[Person]:
    if case.mediator_id is None:
        return []
    person = session.get(Person, int(case.mediator_id.removeprefix("person:")))
    return [person] if person else []


def _text(office: Office, case: Case, notice: OutgoingNotice, party: Party | Agent | None) -> str | None:
    """What a party, or with none of them staff, is told in its language."""
    language, link = (party.language, _link(office, party)) if party else ("zh", "")
    text = texts(language).get(notice.template, {}).get(notice.audience)
    meeting = facts_of(case).meeting
    if text is None or ("{time}" in text and meeting is None):
        return None  # a meeting that is off since has had its own text
    when = _when(meeting, language) if meeting else ""
    return text.format(number=short(case.number), link=link, time=when)


def _when(meeting: datetime, language: str) -> str:
    local = meeting.astimezone(BEIJING)
    return f"{_date(local, language)}{' ' if language == 'en' else ''}{local:%H:%M}"


def _date(local: date, language: str) -> str:
    return f"{local.day} {_MONTHS[local.month - 1]}" if language == "en" else f"{local.month}月{local.day}日"


def short(number: str | None) -> str:
    """A case number as people say it: 2026-000128."""
    if not number or "〔" not in number:
        return number or ""
    year, serial = number.partition("〔")[2].removesuffix("号").split("〕")
    return f"{year}-{serial}"


def notice_code(key: str) -> str:
    """What the holder of a link reads out on the phone, and staff see beside his case: K7F2-Q9MD.

    Whoever forged a notice cannot know it, for it is made of the link alone; the link cannot be made of it.
    """
    digest = hashlib.sha256(f"notice\n{key}".encode()).digest()
    letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:8])
    return f"{letters[:4]}-{letters[4:]}"


def sent_to(session: Session, party: Party | Agent) -> list[tuple[SentMessage, Handover | None]]:
    """What was sent to a party about its case, newest first, with how far each text has come.

    Texts of before there were gateways have no handover.
    """
    mails = addresses(session, party) if isinstance(party, Party) else ()
    query = (
        select(SentMessage, Handover)
        .join(OutgoingNotice, SentMessage.notice_id == OutgoingNotice.id)
        .outerjoin(Handover, Handover.message_id == SentMessage.id)
        .where(
            OutgoingNotice.case_id == party.case_id,
            SentMessage.phone.in_((party.phone, *filter(None, mails))),
        )
        .order_by(SentMessage.id.desc())
    )
    return [(message, handover) for message, handover in session.execute(query)]
