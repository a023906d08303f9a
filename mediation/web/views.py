"""What the page of a case shows, as plain values made for one reader."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from mediation.domain import arbitrating, owing
from mediation.domain.clocks import Deadline, deadlines
from mediation.domain.facts import Offer
from mediation.domain.reach import Reach
from mediation.engine.deciding import Choice
from mediation.services import evidence, filing, mailboxes, notices, register
from mediation.services.meetings import TALKING
from mediation.store.db import db
from mediation.store.models import Party
from mediation.web import history, named, sent, times, turns, undoing
from mediation.web.applications import copies
from mediation.web.arbitration import PaperLink, paper_links
from mediation.web.history import Happening
from mediation.web.lines import ClaimLine, DutyLine, PaymentLine, claim_lines, duty_lines, payment_lines
from mediation.web.named import Collective
from mediation.web.opened import Opened
from mediation.web.sent import Text, texts
from mediation.web.times import Times
from mediation.web.turns import Step
from mediation.web.undoing import PendingLine
from mediation.web.wording import label, listener, wording


@dataclass(frozen=True, slots=True)
class Button:
    """An act that is open: where its page is."""

    name: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """Acts of this state that are not open, and why, in the chart's own sentences."""

    labels: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueDay:
    """A clock of the case: `left` days until its last day, negative when it is over.

    `paused` is the day since which it stands still.
    """

    label: str
    due: date
    left: int
    law: str
    provisional: bool
    running: bool
    paused: date | None


@dataclass(frozen=True, slots=True)
class DayCount:
    """The how-manieth day of how many."""

    day: int
    of: int


@dataclass(frozen=True, slots=True)
class Person:
    """One party as the reader may see it: a phone is there only where it is his business."""

    side: str
    name: str
    contact: str
    phone: str
    check: str
    group: str
    you: bool
    out: str
    """Why he takes no part: `left`, `unconfirmed`, `declined`; nothing where he does."""
    mail: str = ""
    mailbox: str = ""
    """Where its mail address is given: for itself and for staff."""
    seat: int = 0
    reach: Reach | None = None
    """How a worker can be called: for himself and for staff."""
    reach_page: str = ""
    unreached: bool = False
    """Whether the last text to a worker with a second contact did not arrive: for staff."""
    unchecked: bool = False
    """Whether nobody has verified yet that an employer's phone is the employer's: for staff."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """The whole page of a case."""

    ref: str
    number: str
    state: str
    label: str
    tone: str
    sentence: str
    advice: str
    steps: list[Step]
    waits_for: list[str]
    yours: bool
    day_count: DayCount | None
    deadlines: list[DueDay]
    free_to_go: bool
    arbitration: list[PaperLink]
    copies: list[PaperLink]
    buttons: list[Button]
    exits: list[Button]
    corrections: list[Button]
    pending: PendingLine | None
    not_yet: list[NotYet]
    people: list[Person]
    mediator: str
    category: str
    subdistrict: str
    channel: str
    received: date | None
    story: str
    claims: list[ClaimLine]
    claimed: int
    many: bool
    collective: Collective | None
    offer: Offer | None
    settled_at: int | None
    meeting: datetime | None
    times: Times
    room: bool
    has_terms: bool
    agreed: int
    payments: list[PaymentLine]
    duties: list[DutyLine]
    unpaid: int
    sealed: datetime | None
    happenings: list[Happening]
    texts: list[Text]
    staff: bool
    your_side: str
    materials: int


def case_view(opened: Opened) -> CaseView:
    """The page of a case for the visitor who opened it."""
    case, facts, workflow = opened.case, opened.facts, opened.engine.workflow
    clocks = deadlines(workflow, facts)
    state, reader = workflow.states[facts.state], listener(opened.actor.role)
    choices = opened.choices()
    main, last = turns.arranged(choices)
    moves = turns.turns(facts, opened.today)
    happenings = history.timeline(opened)
    return CaseView(
        ref=case.ref,
        number=case.number or "",
        state=facts.state,
        label=label(state),
        tone=turns.tone(facts.state),
        sentence=wording("state_sentences", *_said_of(opened, reader)),
        advice=wording("advice", *_said_of(opened, reader)),
        steps=turns.steps(facts.state, history.states_reached(opened), label(state)),
        waits_for=sorted({role for role, _ in moves}, key=_ORDER.index),
        yours=(opened.actor.role, opened.actor.seat) in moves,
        day_count=day_count(opened, clocks),
        deadlines=[
            _deadline(opened, one) for one in clocks if not (one.stopped and one.clock.name == "draft")
        ],
        free_to_go=arbitrating.days_over(facts, opened.today),
        arbitration=paper_links(opened),
        copies=copies(opened),
        buttons=[button(opened, choice) for choice in main],
        exits=[button(opened, choice) for choice in last],
        corrections=[button(opened, choice) for choice in undoing.open_to(choices)],
        pending=undoing.pending_line(opened),
        not_yet=[] if opened.outside else _not_yet(opened, choices),
        people=[_person(opened, one) for one in case.parties if named.shown(opened, one)],
        mediator=mediator_name(opened),
        category=facts.category,
        subdistrict=facts.subdistrict,
        channel=facts.channel,
        received=facts.received,
        story=case.story,
        claims=[line for line in claim_lines(opened) if line.counts or reader != "employer"],
        claimed=sum(claim.amount for claim in facts.confirmed_claims),
        many=facts.workers > 1,
        collective=named.collective(opened),
        offer=facts.offer,
        settled_at=facts.settled_at,
        meeting=facts.meeting,
        times=times.of(opened, choices),
        room=facts.state in TALKING and in_room(opened),
        has_terms=facts.terms is not None,
        agreed=facts.terms.total if facts.terms else 0,
        payments=payment_lines(opened),
        duties=duty_lines(opened),
        unpaid=owing.unpaid(facts) if facts.sealed else 0,
        sealed=facts.sealed,
        happenings=happenings,
        texts=texts(opened),
        staff=opened.staff,
        your_side=reader,
        materials=len(evidence.visible(facts, opened.actor)),
    )


def _said_of(opened: Opened, reader: str) -> tuple[str, ...]:
    return ("left",) if opened.outside else (f"{opened.facts.state}.{reader}", opened.facts.state)


_ORDER = ("worker", "employer", "mediator", "clerk", "admin")


def button(opened: Opened, choice: Choice) -> Button:
    """The button of an act."""
    name, ref = choice.action.name, opened.case.ref
    if name == "mark_clauses":
        return Button(name, label(choice.action), url_for("cases.terms", ref=ref))
    return Button(name, label(choice.action), url_for("cases.act", ref=ref, name=name))


_OF_GROUPS = ("step_out", "leave_terms")
"""Acts that only say something to one of several workers."""


def _not_yet(opened: Opened, choices: list[Choice]) -> list[NotYet]:
    found: dict[tuple[str, ...], list[str]] = {}
    for choice in choices:
        alone = opened.facts.workers == 1 and choice.action.name in _OF_GROUPS
        aside = choice.action.undo or choice.action.name in turns.ASIDE
        if not choice.open and not alone and not aside and not named.untold(opened, choice.action.name):
            found.setdefault(choice.reasons, []).append(label(choice.action))
    return [NotYet(tuple(labels), reasons) for reasons, labels in found.items()]


def _deadline(opened: Opened, timer: Deadline) -> DueDay:
    left = (timer.due - opened.today).days
    running = timer.stopped is None
    return DueDay(
        label(timer.clock), timer.due, left, timer.clock.law, timer.provisional, running, timer.paused
    )


def day_count(opened: Opened, clocks: list[Deadline]) -> DayCount | None:
    """The day of the mediation, or before it of the fifteen days after receipt; None when they are over."""
    running = {timer.clock.name: timer for timer in clocks if timer.stopped is None}
    timer = running.get("working") or running.get("exit")
    if timer is None:
        return None
    until = opened.facts.clocks[timer.clock.name].until
    length = (until - timer.started).days - timer.still if until else timer.clock.period.length
    passed = ((timer.paused or opened.today) - timer.started).days - timer.still
    return DayCount(max(passed, 1), length) if passed <= length else None


def _person(opened: Opened, one: Party) -> Person:
    actor = opened.actor
    you = actor.id == f"party:{one.id}"
    shown, worker = opened.staff or you, one.side == "worker"
    reach = filing.reach_of(one) if shown and worker else None
    return Person(
        one.side,
        one.name,
        one.contact or "",
        one.phone if shown else "",
        notices.notice_code(one.key) if opened.staff and one.side == "employer" else "",
        (one.group or "") if opened.staff else "",
        you,
        named.out(opened.facts, one),
        mailboxes.address_of(db.session(), one) if shown else "",
        url_for("cases.mailbox", ref=opened.case.ref, whose=f"{one.side}:{one.seat}") if shown else "",
        one.seat,
        reach,
        url_for("cases.reach", ref=opened.case.ref, whose=f"worker:{one.seat}") if shown and worker else "",
        bool(opened.staff and reach and reach.phone and sent.unreached(one)),
        opened.staff and register.unchecked(db.session(), one),
    )


def mediator_name(opened: Opened) -> str:
    """Who mediates, or nothing."""
    return history.name_of(opened.facts.mediator)


def in_room(opened: Opened) -> bool:
    """Whether the visitor is one of those who talk; nobody else reads what is said in the joint room."""
    actor = opened.actor
    return actor.role == "mediator" or (actor.role, actor.seat) in opened.facts.seats
