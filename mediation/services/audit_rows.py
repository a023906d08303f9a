"""Rows that nobody may have written: openings other than ours, and rows that point at nothing."""

from collections.abc import Iterator

from sqlalchemy import Select, and_, func, not_, select
from sqlalchemy.orm import Session

from mediation.services.findings import Finding, Kind
from mediation.services.totals import opening_lines
from mediation.store.models import Base, Case, Find, LedgerLine


def examine(session: Session) -> Iterator[Finding]:
    """What is wrong with rows that belong to no case, or to one that does not exist."""
    yield from _openings(session)
    yield from _strays(session)


def _openings(session: Session) -> Iterator[Finding]:
    """The lines without a case beside those that open the books: no other, none less, none edited."""
    found = session.scalars(select(LedgerLine).where(LedgerLine.case_id.is_(None)).order_by(LedgerLine.id))
    there = {line.id: _spelled(line) for line in found}
    expected = [_spelled(line) for line in opening_lines()]
    for number, spelled in there.items():
        if spelled in expected:
            expected.remove(spelled)
        else:
            yield Finding(Kind.BROKEN, f"ledger line {number}: no opening line: added or changed")
    changed = {line[0] for line in there.values()}
    for spelled in (one for one in expected if one[0] not in changed):
        yield Finding(Kind.MISSING, f"ledger: the opening line of {spelled[0]} is missing")


def _spelled(line: LedgerLine) -> tuple[object, ...]:
    """All that a line says, but its number."""
    names = ("debit", *(c.name for c in LedgerLine.__table__.columns if c.name not in ("id", "debit")))
    return tuple(getattr(line, name) for name in names)


def _strays(session: Session) -> Iterator[Finding]:
    """Every row whose case, entry or the like does not exist: with the checks off, anybody can write one."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            parent = key.referred_table.alias("parent")
            pairs = [(one.parent, parent.c[one.column.name]) for one in key.elements]
            there = select(1).where(*(child == of for child, of in pairs)).exists()
            said = and_(*(child.is_not(None) for child, _ in pairs))
            strays = select(func.count()).select_from(table).where(said, not_(there))
            by = ", ".join(child.name for child, _ in pairs)
            yield from _counted(session, strays, f"{table.name}: no {key.referred_table.name} by this {by}")
    known = select(1).where(Case.id == Find.case_id).exists()
    strays = select(func.count()).select_from(Find).where(not_(known))
    yield from _counted(session, strays, "finds: no cases by this case_id")


def _counted(session: Session, strays: Select[int], fault: str) -> Iterator[Finding]:
    if count := session.scalar(strays):
        yield Finding(Kind.OTHER, f"{fault}: rows that belong to nothing: {count}")
