"""Writing the terms of an agreement: rows of money and of duties, added and removed without a script."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mediation.documents import boxes
from mediation.domain import fields
from mediation.domain.facts import Facts
from mediation.domain.fields import Invalid, Problem
from mediation.domain.money import plain
from mediation.domain.terms import DUTIES, HEADS
from mediation.domain.words import word
from mediation.engine.refusals import Refused
from mediation.engine.workflow import Action
from mediation.web import acting, known
from mediation.web.acting import NOTHING
from mediation.web.given import iso_day
from mediation.web.lines import worker_name
from mediation.web.opened import Opened
from mediation.web.views import case_view
from mediation.web.wording import wording

FORM = known.Form(
    frozenset({"overdue", "edit"}),
    rows=re.compile(f"payments-{known.ROW}-(?:worker|head|amount|due)|duties-{known.ROW}-(?:what|due|text)"),
)


@dataclass(frozen=True, slots=True)
class Pay:
    """A row of money as it was typed."""

    worker: str = "0"
    head: str = "wages"
    amount: str = ""
    due: str = ""

    @property
    def blank(self) -> bool:
        return not (self.amount.strip() or self.due.strip())


@dataclass(frozen=True, slots=True)
class Do:
    """A row of something to be done as it was typed."""

    what: str = "leave_certificate"
    due: str = ""
    text: str = ""

    @property
    def blank(self) -> bool:
        return not (self.due.strip() or self.text.strip())


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole form as it was typed."""

    payments: tuple[Pay, ...]
    duties: tuple[Do, ...]
    overdue: str

    @property
    def total(self) -> int:
        """The sum of the amounts that can be read."""
        return sum(_fen(pay.amount) for pay in self.payments)

    def read(self) -> dict[str, object]:
        """The rows that say something, in the shape `fields.terms` reads."""
        return {
            "payments": [asdict(pay) for pay in self.payments if not pay.blank],
            "duties": [asdict(duty) for duty in self.duties if not duty.blank],
            "overdue": self.overdue,
        }


def form_page(
    opened: Opened,
    action: Action,
    typed: MultiDict[str, str] = NOTHING,
    problems: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
) -> str:
    """The page to write the terms on."""
    return page(opened, action, typed_sheet(typed) if typed else first_sheet(opened.facts), problems, refusal)


def page(
    opened: Opened,
    action: Action,
    sheet: Sheet,
    problems: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
) -> str:
    """The page with these rows."""
    seats = opened.facts.staying
    return render_template(
        "cases/draft.html",
        case=case_view(opened),
        action=action,
        seen=opened.revision,
        sheet=sheet,
        workers=[(str(seat), worker_name(opened, seat)) for seat in seats],
        heads=[(code, word("heads", code)) for code in HEADS],
        duties=[(code, word("duties", code)) for code in DUTIES],
        problems=problems or {},
        refusal=refusal,
        consequence=wording("consequences", action.name),
    )


def perform(opened: Opened, action: Action, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """Add or take away a row, or keep the terms.  Raises Refused, Invalid."""
    known.only(typed, FORM)
    sheet = typed_sheet(typed)
    if "edit" in typed:
        return page(opened, action, edited(sheet, typed["edit"]))
    acting.admit(opened, typed, FORM)
    if problems := problems_of(sheet):
        raise Invalid(problems)
    return acting.attempt(opened, action, typed, fields.read(action, {"terms": sheet.read()}))


def first_sheet(facts: Facts) -> Sheet:
    """What the page begins with: the terms there are, else what was agreed or asked for."""
    if facts.terms is not None:
        return Sheet(
            tuple(
                Pay(str(p.worker), p.head, plain(p.amount), p.due.isoformat()) for p in facts.terms.payments
            ),
            tuple(Do(d.what, d.due.isoformat(), d.text) for d in facts.terms.duties),
            facts.terms.overdue,
        )
    money = [claim for claim in facts.claims if claim.amount and claim.worker in facts.staying]
    if facts.settled_at is not None and len(facts.staying) == 1:
        head = money[0].head if money else "other"
        return Sheet((Pay(str(facts.staying[0]), head, plain(facts.settled_at)),), (), "")
    rows = tuple(Pay(str(claim.worker), claim.head, plain(claim.amount)) for claim in money)
    return Sheet(rows or (Pay(),), (), "")


def typed_sheet(typed: MultiDict[str, str]) -> Sheet:
    """The rows of a posted form."""
    return Sheet(
        tuple(
            Pay(
                typed.get(f"payments-{i}-worker", "0"),
                typed.get(f"payments-{i}-head", ""),
                typed.get(f"payments-{i}-amount", ""),
                iso_day(typed.get(f"payments-{i}-due", "")),
            )
            for i in _indexes(typed, "payments")
        ),
        tuple(
            Do(
                typed.get(f"duties-{i}-what", ""),
                iso_day(typed.get(f"duties-{i}-due", "")),
                typed.get(f"duties-{i}-text", ""),
            )
            for i in _indexes(typed, "duties")
        ),
        typed.get("overdue", ""),
    )


def edited(sheet: Sheet, edit: str) -> Sheet:
    """The form after one of its own buttons."""
    what, _, row = edit.partition("-")
    match what:
        case "add_payment":
            return replace(sheet, payments=(*sheet.payments, Pay()))
        case "add_duty":
            return replace(sheet, duties=(*sheet.duties, Do()))
        case "drop_payment":
            return replace(sheet, payments=tuple(p for i, p in enumerate(sheet.payments) if str(i) != row))
        case "drop_duty":
            return replace(sheet, duties=tuple(d for i, d in enumerate(sheet.duties) if str(i) != row))
        case "suggest":
            return replace(sheet, overdue=wording("suggested", "overdue"))
    return sheet


def problems_of(sheet: Sheet) -> dict[str, str]:
    """What cannot be read, by the name of its field on the page."""
    problems: dict[str, str] = {}
    for i, pay in enumerate(sheet.payments):
        if not pay.blank:
            check(problems, f"payments-{i}-amount", fields.amount, pay.amount)
            check(problems, f"payments-{i}-due", fields.calendar_day, pay.due)
    for i, duty in enumerate(sheet.duties):
        if not duty.blank:
            check(problems, f"duties-{i}-due", fields.calendar_day, duty.due)
            check(problems, f"duties-{i}-text", boxes.clause, duty.text)
    check(problems, "overdue", boxes.clause, sheet.overdue)
    return problems


def check(problems: dict[str, str], name: str, reader: Callable[[str], object], value: str) -> None:
    """Note under `name` what keeps `reader` from reading the value."""
    try:
        reader(value)
    except Problem as problem:
        problems[name] = str(problem)


def _indexes(typed: MultiDict[str, str], kind: str) -> list[int]:
    """The rows there are; one more than may be, so that too many are refused and none falls silently."""
    found = {int(m[1]) for key in typed if (m := re.fullmatch(rf"{kind}-({known.ROW})-[a-z]+", key))}
    return sorted(found)[: fields.MOST_CLAUSES + 1]


def _fen(typed: str) -> int:
    try:
        return fields.amount(typed)
    except Problem:
        return 0
