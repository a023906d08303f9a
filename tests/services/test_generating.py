"""A district made in bulk is a true one: it passes the audit, adds up, and can be worked on."""

from datetime import UTC, datetime

import makers
import pytest
from sqlalchemy import func, select

from mediation.services import anchoring, generating, totals, witnesses
from mediation.services.audit import findings
from mediation.services.demo import AlreadyThere
from mediation.services.generating import Plan, generate
from mediation.store.models import Case, Entry, LedgerLine, Party, Person, Total
from mediation.store.totals import fold, hot, margins, margins_of

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
PLAN = Plan(cases=600, years=3, at=AT, open=20)


@pytest.fixture
def district(transaction, office):
    """A small district."""
    generate(transaction, office, PLAN, lambda _: None)


def faults(transaction, office):
    """What the audit finds, after what `mediation work` does."""
    anchoring.keep(transaction, office, AT, thorough=True, at_once=True)
    with transaction() as session:
        return [*findings(session, office.catalogue)] + [
            fault.sentence for fault in witnesses.examine(session, office.anchors.file, AT)
        ]


def test_every_chain_and_every_sum_holds(transaction, office, district):
    assert faults(transaction, office) == []
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == PLAN.cases
        assert session.scalar(select(func.count()).select_from(Entry)) > 8 * PLAN.cases
        assert fold(session) == hot(session)
        assert margins_of(fold(session)) == margins(session)
        assert session.scalar(select(func.count()).select_from(Total)) == 0


def test_the_totals_are_what_the_cases_of_the_district_say(transaction, office, district):
    """Recounted from the facts of each case, without the ledger."""
    from mediation.store.cases import facts_of

    with transaction() as session:
        known = [facts_of(case) for case in session.scalars(select(Case))]
        found = totals.now(session, AT.date())
        sealed = [facts for facts in known if facts.sealed]
        assert found.claimed == sum(claim.amount for facts in known for claim in facts.claims)
        assert found.agreed == sum(facts.terms.total for facts in sealed)
        assert found.paid == sum(owed.paid for facts in known for owed in facts.owed)
        assert found.settled_cases == len(sealed) > PLAN.cases // 4
        assert found.settled_workers == sum(facts.workers for facts in sealed)
        assert len({case.subdistrict for case in session.scalars(select(Case))}) == 17


def test_cases_are_spread_over_the_years_and_some_are_open_in_many_states(transaction, district):
    with transaction() as session:
        cases = list(session.scalars(select(Case).order_by(Case.id)))
        assert {case.received_at.year for case in cases} >= {2024, 2025, 2026}
        received = [case.received_at.date() for case in cases]
        assert received == sorted(received)
        assert max(case.moved_at for case in cases) < AT
        open_ = [case for case in cases if case.state != "closed"]
        assert len(open_) == PLAN.cases * PLAN.open // 100
        assert len({case.state for case in open_}) > 3
        numbers = [case.number for case in cases]
        assert len(set(numbers)) == len(numbers)


def test_people_are_evidently_made_up(transaction, district):
    with transaction() as session:
        for party in session.scalars(select(Party)):
            assert party.phone.startswith("130000")
            assert "某" in party.name


def test_work_goes_on_in_a_generated_district(transaction, office, district):
    with transaction() as session:
        case = session.scalars(select(Case).where(Case.state == "submitted")).first()
        makers.act(session, office, case, "contact_employer", at=AT)
        new = makers.make_case(session, office, state="performed", at=AT)
        assert new.id == PLAN.cases + 1
        numbers = [row.number for row in session.scalars(select(Case))]
        assert len(set(numbers)) == PLAN.cases + 1
    assert faults(transaction, office) == []


def test_the_same_seed_makes_the_same_district_and_another_another(transaction, office, tmp_path):
    from mediation.app import create_app
    from mediation.store import db as store

    found = []
    for place, seed in (("first", 5), ("second", 5), ("third", 6)):
        app = create_app(tmp_path / place)
        with app.app_context():
            generate(store.transaction, office, Plan(60, 2, AT, seed), lambda _: None)
            found.append(store.db.session.execute(select(Case.head, Case.ref).order_by(Case.id)).all())
            store.db.engine.dispose()
    assert found[0] == found[1] != found[2]


def test_nothing_is_generated_where_there_is_a_case_or_anybody(transaction, office):
    with transaction() as session:
        makers.make_staff(session)
    with pytest.raises(AlreadyThere):
        generate(transaction, office, PLAN, lambda _: None)
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1
        assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_what_was_committed_before_an_interruption_is_whole(transaction, office, monkeypatch):
    monkeypatch.setattr(generating, "CHUNK", 100)
    written = []

    def stop(done):
        written.append(done)
        if len(written) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(transaction, office, PLAN, stop)
    assert faults(transaction, office) == []
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == written[-1] == 200
        assert session.scalar(select(func.count()).select_from(LedgerLine)) > 200


def test_an_interruption_within_a_batch_leaves_nothing_of_it(transaction, office, monkeypatch):
    monkeypatch.setattr(generating, "CHUNK", 100)
    real = generating.add_to_folded
    calls = []

    def stop(session, rows):
        real(session, rows)
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt  # all rows of the second batch are written, none is committed

    monkeypatch.setattr(generating, "add_to_folded", stop)
    with pytest.raises(KeyboardInterrupt):
        generate(transaction, office, PLAN, lambda _: None)
    assert faults(transaction, office) == []
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 100
