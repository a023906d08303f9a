"""Figures fit for the public: few cases in one place, month or head would tell whose they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mediation.domain.filing import DISTRICT, SUBDISTRICTS
from mediation.services.totals import Totals
from mediation.store.models import AGREED, LedgerLine

FEW = 5
"""Fewer cases than these are not shown, nor their money."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a public table: `cases` settled, `paid` fen; `shown` unless they are few."""

    key: str
    cases: int
    paid: int
    shown: bool


def by_subdistrict(totals: Totals) -> list[Row]:
    """All 17 subdistricts, in their order, and after them the cases of which nobody could say it, if any."""
    cases = totals.by("subdistrict", "settled_cases")
    unclear = (DISTRICT,) if DISTRICT in cases or DISTRICT in totals.by("subdistrict", "paid") else ()
    return _table((*SUBDISTRICTS, *unclear), cases, totals, "subdistrict")


def by_month(totals: Totals, most: int = 12) -> list[Row]:
    """The newest months in which a case was settled or paid, the newest first."""
    cases = totals.by("month", "settled_cases")
    months = sorted(cases.keys() | totals.by("month", "paid").keys(), reverse=True)
    return _table(months[:most], cases, totals, "month")


def by_head(session: Session, totals: Totals) -> list[Row]:
    """What was paid for what, the most agreed first."""
    agreed = totals.by("head", "agreed")
    heads = sorted(agreed, key=lambda head: -agreed[head])
    return _table(heads, {head: _cases_with(session, head) for head in heads}, totals, "head")


def _table(keys: Iterable[str], cases: Mapping[str, int], totals: Totals, field: str) -> list[Row]:
    paid = totals.by(field, "paid")
    found = [cases.get(key, 0) for key in keys]
    rows = [
        Row(key, count, paid.get(key, 0), shown=count >= FEW) for key, count in zip(keys, found, strict=True)
    ]
    return _not_one_alone(rows)


def _not_one_alone(rows: list[Row]) -> list[Row]:
    """One hidden row could be found by subtraction: the smallest shown one is hidden with it."""
    shown = [row for row in rows if row.shown]
    if len(rows) - len(shown) != 1 or not shown:
        return rows
    least = min(shown, key=lambda row: row.cases)
    return [replace(row, shown=False) if row is least else row for row in rows]


def _cases_with(session: Session, head: str) -> int:
    """How many cases agreed on something under this head, counted no further than FEW."""
    some = select(LedgerLine.case_id).where(AGREED, LedgerLine.head == head).distinct().limit(FEW)
    return session.scalars(select(func.count()).select_from(some.subquery())).one()
