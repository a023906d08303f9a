"""Fifty people take back the same money: it is taken back once, and what took it back stays."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from arena import House
from racing import spelled
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from mediation.store.models import Case, LedgerLine
from mediation.store.totals import add_line, fold, hot

FIFTY = 50


def reversals(house: House, case_id: int) -> list[LedgerLine]:
    with house.transaction() as session:
        query = select(LedgerLine).where(LedgerLine.case_id == case_id, LedgerLine.reverses.is_not(None))
        found = list(session.scalars(query))
        assert hot(session) == fold(session)
        session.expunge_all()
        return found


def asked_by_fifty(house: House, case_id: int, act: str, role: str, typed: dict[str, str]) -> list[int]:
    """What fifty clients are answered who send the form of an act, each with a key of his own."""
    path = f"/cases/{house.ref(case_id)}/acts/{act}"
    cookie, hidden = house.form(path, house.cookie(case_id, role))
    hidden.pop("once")
    requests = [
        spelled(
            "POST", path, typed=hidden | typed, cookie=cookie, accept="application/json", key=f"{act} {n}"
        )
        for n in range(FIFTY)
    ]
    return sorted(one.status for one in house.server.at_once(requests))


def test_fifty_restatements_are_one_reversal(house: House) -> None:
    case_id = house.case("performed")
    typed = {"promised": "0", "right_amount": "4999.00", "reason": "bounced"}
    # So little less than what was paid that one person may correct it alone.
    statuses = asked_by_fifty(house, case_id, "restate_payment", "clerk", typed)
    assert statuses == [302 if 302 in statuses else 200, *[409] * (FIFTY - 1)]
    assert len(reversals(house, case_id)) == 1
    house.in_order(case_id)


def test_fifty_approvals_are_one_reversal(house: House) -> None:
    """What one person may correct alone is used up by the first; the second waits for somebody else."""
    taken = {"was": 500_000, "right_amount": 0}
    restated = [("restate_payment", {**taken, "promised": n}) for n in (0, 2)]
    case_id = house.case("performed", *restated, workers=2)
    assert len(reversals(house, case_id)) == 1
    statuses = asked_by_fifty(house, case_id, "approve_correction", "admin", {"reason": "saw_the_proof"})
    assert statuses == [302 if 302 in statuses else 200, *[409] * (FIFTY - 1)]
    assert len(reversals(house, case_id)) == 2
    house.in_order(case_id)


def test_fifty_writers_of_the_same_reversing_line_write_it_once_and_none_reverses_that(house: House) -> None:
    """Below every act: whoever comes second is refused by the database, whatever program he runs."""
    case_id = house.case("performed")
    with house.transaction() as session:
        paid = select(LedgerLine).where(LedgerLine.case_id == case_id, LedgerLine.debit == "paid").limit(1)
        first = session.scalars(paid).one()
        session.expunge(first)
        revision = session.get_one(Case, case_id).revision
    ready = Barrier(FIFTY)

    def mirror(of: LedgerLine) -> LedgerLine:
        same = ("case_id", "unit", "amount", "subdistrict", "worker", "head", "on_day")
        kept = {name: getattr(of, name) for name in same}
        return LedgerLine(**kept, entry=revision, debit=of.credit, credit=of.debit, reverses=of.id)

    def write(_: int) -> bool:
        ready.wait(60)
        try:
            with house.transaction() as session:
                add_line(session, mirror(first))
        except DatabaseError:
            return False
        return True

    with ThreadPoolExecutor(FIFTY) as pool:
        assert sum(pool.map(write, range(FIFTY))) == 1
    [found] = reversals(house, case_id)
    assert (found.reverses, found.amount) == (first.id, first.amount)
    with (
        pytest.raises(DatabaseError, match="a reversing line is not reversed"),
        house.transaction() as session,
    ):
        add_line(session, mirror(found))
    assert len(reversals(house, case_id)) == 1
