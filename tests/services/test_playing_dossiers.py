"""Real disputes, played through the same services as the pages, come out as they were reported."""

import json
from pathlib import Path

import pytest
from makers import MONDAY
from sqlalchemy import select

from mediation.documents.authority import roots
from mediation.documents.signing import Finding, inspect
from mediation.services.audit import findings
from mediation.services.opening import make_ready
from mediation.services.papers import paper_of
from mediation.services.playing import Stopped, outcome, play
from mediation.services.totals import now
from mediation.store.models import Case, Person, SentMessage

DOSSIERS = Path(__file__).parents[1] / "dossiers"
EXPECTED = {
    "canteen_eleven_workers": {
        "case": "东工调〔2024〕000001号",
        "state": "performing",
        "claimed": "56500.00",
        "agreed": "56500.00",
        "paid": "0.00",
        "received": "2024-06-17",
        "exit_clock": "2024-07-02",
        "working_clock": "2024-07-03",
        "entries": 49,
    },
    "court_wage_note": {
        "case": "东工调〔2026〕000001号",
        "state": "performing",
        "claimed": "12000.00",
        "agreed": "11000.00",
        "paid": "0.00",
        "received": "2026-03-02",
        "exit_clock": None,
        "working_clock": "2026-04-20",
        "entries": 25,
    },
    "employer_declines": {
        "case": "东工调〔2026〕000001号",
        "state": "not_agreed",
        "claimed": "18640.50",
        "agreed": "0.00",
        "paid": "0.00",
        "received": "2026-09-18",
        "exit_clock": "2026-10-08",
        "working_clock": None,
        "entries": 6,
    },
    "garment_dismissal": {
        "case": "东工调〔2019〕000001号",
        "state": "closed",
        "claimed": "9600.00",
        "agreed": "6786.00",
        "paid": "6786.00",
        "received": "2019-03-11",
        "exit_clock": "2019-03-26",
        "working_clock": "2019-03-28",
        "entries": 29,
    },
    "hotel_seven_workers": {
        "case": "东工调〔2025〕000001号",
        "state": "performing",
        "claimed": "55380.00",
        "agreed": "55380.00",
        "paid": "0.00",
        "received": "2025-10-09",
        "exit_clock": "2025-10-24",
        "working_clock": "2025-12-01",
        "entries": 39,
    },
}


def read(name):
    return json.loads((DOSSIERS / f"{name}.json").read_text("utf-8"))


def played(transaction, office, dossier):
    case_id = play(transaction, office, dossier)
    with transaction() as session:
        return outcome(session, office, case_id)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_dossier_comes_out_as_it_was_reported(transaction, office, name):
    found = played(transaction, office, read(name))
    agreement = found.pop("agreement")
    assert found == EXPECTED[name]
    if found["agreed"] == "0.00":
        assert agreement is None
    else:
        assert inspect(Path(agreement).read_bytes(), roots(office.keys)).finding == Finding.GENUINE
    with transaction() as session:
        assert list(findings(session, office.catalogue)) == []


def test_all_of_them_in_one_district_add_up(transaction, office):
    make_ready(transaction, MONDAY)
    for name in EXPECTED:
        played(transaction, office, read(name))
    with transaction() as session:
        found = now(session, MONDAY.date())
        assert list(findings(session, office.catalogue)) == []
    assert (found.claimed, found.agreed, found.paid) == (15_212_050, 12_966_600, 678_600)
    assert (found.settled_cases, found.settled_workers) == (4, 19)
    assert found.cases == 5678
    assert found.recovered == 17_000_000_000 + 678_600


def test_the_same_dossier_twice_is_two_cases(transaction, office):
    dossier = read("employer_declines")
    numbers = [played(transaction, office, dossier)["case"] for _ in range(2)]
    assert numbers == ["东工调〔2026〕000001号", "东工调〔2026〕000002号"]
    with transaction() as session:
        assert len(session.scalars(select(Person)).all()) == 1, "the clerk of both"


def test_the_people_of_a_dossier_get_their_texts(transaction, office):
    played(transaction, office, read("employer_declines"))
    with transaction() as session:
        messages = [(m.phone, m.at.date().isoformat()) for m in session.scalars(select(SentMessage))]
    assert messages == [
        ("13800000031", "2026-09-18"),
        ("01060000000", "2026-09-20"),
        ("13800000031", "2026-09-22"),
    ]


@pytest.mark.parametrize("missing", [0, 3, 6])
def test_seven_workers_sign_or_nothing_is_sealed(transaction, office, missing):
    dossier = read("hotel_seven_workers")
    signs = [act for act in dossier["acts"] if act["do"] == "sign" and act["by"] == "worker"]
    assert len(signs) == 7
    dossier["acts"].remove(signs[missing])
    with pytest.raises(Stopped) as stopped:
        play(transaction, office, dossier)
    assert stopped.value.index == len(dossier["acts"]) - 1
    assert stopped.value.reason == "每位劳动者、单位和调解员都签字后才能盖章。"
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        assert case.state == "awaiting_signatures"
        assert list(findings(session, office.catalogue)) == []
        assert now(session, case.moved_at.date()).agreed == 0


def stops(transaction, office, change):
    """Where and why a changed garment dossier stops."""
    dossier = read("garment_dismissal")
    change(dossier)
    with pytest.raises(Stopped) as stopped:
        play(transaction, office, dossier)
    assert "\n" not in stopped.value.reason
    assert stopped.value.reason.strip()
    with transaction() as session:
        assert list(findings(session, office.catalogue)) == []
    return stopped.value.index, stopped.value.reason


ONE_IS_ENOUGH = pytest.mark.parametrize("database_kind", ["sqlite"])
"""For what is read rather than stored."""

OUT_OF_ORDER = {
    "sealing before anybody signed": (lambda acts: acts.insert(11, acts.pop(14)), 11, "每位劳动者"),
    "accepting before the employer joined": (lambda acts: acts.pop(1), 1, "双方都愿意才能受理"),
    "meeting before it is fixed": (lambda acts: acts.pop(4), 4, "开会: 已受理"),
    "paying before the seal": (lambda acts: acts.insert(3, acts.pop(15)), 3, "登记已付款: 已受理"),
    "confirming what was not reported": (lambda acts: acts.pop(15), 15, "单位还没有登记付款"),
    "the worker acting as clerk": (lambda acts: acts[0].update(by="worker"), 0, "联系单位: worker"),
    "accepting one's own offer": (lambda acts: acts[8].update(by="worker"), 8, "没有等您答复"),
    "paying too much": (lambda acts: acts[15].update(amount="6786.01"), 15, "比还没付的多"),
    "closing with money owed": (lambda acts: acts[15].update(amount="6785.99"), 17, "不能结案"),
}


@ONE_IS_ENOUGH
@pytest.mark.parametrize("name", OUT_OF_ORDER)
def test_an_act_out_of_order_stops_the_dossier_with_its_index_and_the_reason(transaction, office, name):
    change, index, reason = OUT_OF_ORDER[name]
    where, why = stops(transaction, office, lambda dossier: change(dossier["acts"]))
    assert where == index
    assert reason in why


UNREADABLE_ACTS = {
    "no act": lambda act: act.pop("do"),
    "an unknown act": lambda act: act.update(do="bribe"),
    "an act that is a list": lambda act: act.update(do=["accept"]),
    "an act that is a number": lambda act: act.update(do=7),
    "an automatic transition": lambda act: act.update(do="to_closed"),
    "an unknown role": lambda act: act.update(by="judge"),
    "a role that is a mapping": lambda act: act.update(by={"a": 1}),
    "no role": lambda act: act.pop("by"),
    "the machine itself": lambda act: act.update(by="system"),
    "no time": lambda act: act.pop("at"),
    "a time that is none": lambda act: act.update(at="tomorrow"),
    "a time that is a number": lambda act: act.update(at=20190311),
    "a time in another age": lambda act: act.update(at="1019-03-11T09:00:00+08:00"),
    "a worker out of range": lambda act: act.update(by="worker", do="withdraw", worker=1),
    "a worker that is negative": lambda act: act.update(by="worker", do="withdraw", worker=-1),
    "a worker that is a word": lambda act: act.update(by="worker", do="withdraw", worker="first"),
    "a field that does not belong": lambda act: act.update(amount="1"),
}


@ONE_IS_ENOUGH
@pytest.mark.parametrize("name", UNREADABLE_ACTS)
def test_an_act_that_cannot_be_read_stops_the_dossier_at_its_index(transaction, office, name):
    index, _ = stops(transaction, office, lambda dossier: UNREADABLE_ACTS[name](dossier["acts"][2]))
    assert index == 2


@ONE_IS_ENOUGH
@pytest.mark.parametrize(
    ("place", "field", "value"),
    [
        (3, "mediator", None),
        (3, "mediator", ""),
        (3, "mediator", ["赵"]),
        (3, "mediator", "赵\x00"),
        (3, "mediator", "赵" * 41),
        (4, "for", "2019-03-14"),
        (4, "for", "x"),
        (6, "amount", "-5"),
        (6, "amount", "0"),
        (6, "amount", "1e5"),
        (6, "amount", 5000),
        (6, "amount", "9" * 50),
        (6, "amount", "5000.001"),
        (6, "amount", None),
        (9, "terms", None),
        (9, "terms", []),
        (9, "terms", {"payments": [{"worker": 5, "head": "wages", "amount": "1", "due": "2019-04-01"}]}),
        (9, "terms", {"payments": [{"head": "bribe", "amount": "1", "due": "2019-04-01"}]}),
        (9, "terms", {"payments": [{"head": "wages", "amount": "1", "due": "after the harvest"}]}),
        (9, "terms", {"payments": [{"head": "wages", "amount": "1"}]}),
        (9, "terms", {"payments": [{"head": "wages", "amount": "-1", "due": "2019-04-01"}]}),
        (9, "terms", {"payments": [{"head": "wages", "amount": "1", "due": "2019-02-30"}]}),
        (9, "terms", {"payments": [[]]}),
        (9, "terms", {"payments": [], "duties": []}),
        (9, "terms", {"payments": [], "duties": [{"what": "sing", "due": "2019-04-01", "text": ""}]}),
        (9, "terms", {"payments": [{"head": "wages", "amount": "999999999999", "due": "2019-04-01"}] * 2}),
        (9, "terms", {"wishes": []}),
        (11, "digest", "0" * 64),
        (15, "instalment", 99),
        (15, "instalment", "x"),
        (15, "worker", 3),
    ],
)
def test_a_value_that_cannot_be_stops_the_dossier_at_its_act(transaction, office, place, field, value):
    index, _ = stops(transaction, office, lambda dossier: dossier["acts"][place].update({field: value}))
    assert index == place


def test_what_came_before_the_act_that_was_refused_stays(transaction, office):
    dossier = read("garment_dismissal")
    dossier["acts"][9]["terms"] = None
    with pytest.raises(Stopped):
        play(transaction, office, dossier)
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        assert [entry.action for entry in case.log][-1] == "accept_offer"
        assert case.state == "in_meeting"


CALL = {"way": "call", "outcome": "no_reply"}
SILENCE = [
    {
        "at": "2026-09-21T10:00:00+08:00",
        "by": "clerk",
        "do": "log_attempt",
        "way": "call",
        "outcome": "no_reply",
    },
    {
        "at": "2026-09-28T10:00:00+08:00",
        "by": "clerk",
        "do": "log_attempt",
        "way": "letter",
        "outcome": "returned",
    },
    {"at": "2026-10-09T10:00:00+08:00", "by": "clerk", "do": "certify_no_answer"},
]
"""Called and written to, and waited for through the holidays of October."""


def test_an_employer_that_cannot_be_reached_is_certified_and_no_mediator_ends_the_case(transaction, office):
    dossier = read("employer_declines")
    dossier["acts"][-1:] = [dict(one) for one in SILENCE]
    found = played(transaction, office, dossier)
    assert (found["state"], found["agreed"]) == ("not_agreed", "0.00")
    with transaction() as session:
        assert paper_of(session, session.scalars(select(Case.id)).one(), "no_answer") is not None
        assert list(findings(session, office.catalogue)) == []
    dossier["acts"][-1] |= {"by": "mediator", "do": "end", "reason": "unreachable"}
    with pytest.raises(Stopped) as stopped:
        play(transaction, office, dossier)
    assert stopped.value.index == len(dossier["acts"]) - 1
    assert "出未答复证明" in stopped.value.reason
