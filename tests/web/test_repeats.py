"""The same form sent again gets the same answer and does nothing again."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from makers import FILED, NOW
from reading import fields, filled, words
from sqlalchemy import func, select
from visiting import Played

from mediation.services import replies
from mediation.store.models import Case, Code, Message, Party, Reply

JSON = {"Accept": "application/json"}
AGREE = {f"mark-{clause}": "agree" for clause in range(3)}
ROWS = {"payments-0-due": "2099-01-01", "payments-1-due": "2099-01-01"}
STATED = {"stated": ["read", "willing", "binding"], "code": "?"}


@dataclass(frozen=True)
class Route:
    """A form that changes a case: where it stands, who sends it, what he types, and what else he might."""

    state: str
    role: str
    path: str
    typed: dict[str, Any] = field(default_factory=dict)
    other: dict[str, Any] = field(default_factory=dict)


ROUTES = {
    "act": Route("in_meeting", "worker", "/acts/offer", {"amount": "5000"}, {"amount": "6000"}),
    "draft": Route("in_meeting", "mediator", "/acts/draft_terms", ROWS, {"overdue": "x"}),
    "marks": Route("terms_drafted", "worker", "/acts/mark_clauses", AGREE, {"mark-0": "question"}),
    "sign": Route("awaiting_signatures", "worker", "/acts/sign", STATED, {"code": "000000"}),
    "message": Route("in_meeting", "employer", "/meeting", {"body": "好"}, {"body": "不好"}),
}


@pytest.fixture(params=ROUTES)
def route(request: pytest.FixtureRequest) -> Route:
    return ROUTES[request.param]


@pytest.fixture
def case(app: Flask, transaction: Any, route: Route) -> Played:
    return Played(app, transaction, state=route.state)


@pytest.fixture
def typed(case: Played, client: FlaskClient, route: Route, texted: Any) -> dict[str, Any]:
    """The form of the route as `client` has filled it in."""
    if route.typed.get("code") == "?":
        page = filled(client.get(case.url(route.path)))
        found = filled(client.post(case.url("/sign/code"), data=page))
        code = texted("13800000000")[0].partition("验证码")[2][:6]
        return found | route.typed | {"code": code}
    return filled(client.get(case.url(route.path))) | route.typed


@pytest.fixture
def client(case: Played, route: Route) -> FlaskClient:
    """The browser of whoever sends the form."""
    return case.by(route.role)


def done(case: Played) -> tuple[int, int]:
    """How many entries and messages there are."""
    with case.transaction() as session:
        messages = session.scalar(select(func.count()).select_from(Message)) or 0
    return case.now()[1], messages


def test_three_times_the_same_is_one_effect_and_one_answer(
    case: Played, client: FlaskClient, route: Route, typed: dict[str, Any]
) -> None:
    before = sum(done(case))
    answers = [client.post(case.url(route.path), data=typed) for _ in range(3)]
    assert {(one.status_code, one.location, one.text) for one in answers} == {
        (302, answers[0].location, answers[0].text)
    }
    assert sum(done(case)) == before + 1


def test_a_program_gets_the_same_json_each_time(
    case: Played, client: FlaskClient, route: Route, typed: dict[str, Any]
) -> None:
    typed.pop("once")
    how: dict[str, Any] = {"data": typed, "headers": JSON | {"Idempotency-Key": "a key of its own"}}
    first, second = (client.post(case.url(route.path), **how) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json == second.json
    if route.path != "/meeting":
        state, version = case.now()
        assert first.json == {"state": state, "version": version}


def test_the_same_key_with_something_else_in_the_form_is_not_done(
    case: Played, client: FlaskClient, route: Route, typed: dict[str, Any]
) -> None:
    assert client.post(case.url(route.path), data=typed).status_code == 302
    before = done(case)
    answer = client.post(case.url(route.path), data=typed | route.other)
    assert answer.status_code == 422
    assert "交过一次，内容和这次的不一样" in words(answer) or "刚才已经发过别的话" in words(answer)
    told = client.post(case.url(route.path), data=typed | route.other, headers=JSON)
    assert told.status_code == 422
    assert done(case) == before


def test_a_key_seen_elsewhere_opens_and_closes_nothing(
    case: Played, client: FlaskClient, route: Route, typed: dict[str, Any]
) -> None:
    """Somebody else's form with the same key is a form of its own."""
    assert client.post(case.url(route.path), data=typed).status_code == 302
    before = sum(done(case))
    other = case.by("mediator" if route.role != "mediator" else "worker")
    path = "/acts/adjourn" if route.state == "in_meeting" else "/acts/end"
    if route.role == "mediator":
        path = "/acts/end"
    says = {"/acts/adjourn": {"for_day": "2090-01-03", "for_time": "14:00"}, "/acts/end": {"reason": "gap"}}
    mine = filled(other.get(case.url(path))) | says[path]
    assert other.post(case.url(path), data=mine | {"once": typed["once"]}).status_code == 302
    assert sum(done(case)) == before + 1


def test_what_was_refused_is_mended_and_sent_again_under_the_same_key(
    case: Played, client: FlaskClient, route: Route, typed: dict[str, Any]
) -> None:
    wrong = {
        "/acts/offer": {"amount": "viel"},
        "/acts/draft_terms": {"payments-0-due": "?"},
        "/acts/mark_clauses": {"mark-0": "change"},
        "/acts/sign": {"code": "00"},
        "/meeting": {"body": ""},
    }[route.path]
    before = sum(done(case))
    assert client.post(case.url(route.path), data=typed | wrong).status_code == 422
    old = {"audience": "private:employer"} if "audience" in typed else {"seen": "1"}
    stale = client.post(case.url(route.path), data=typed | old)
    assert stale.status_code == 409
    assert sum(done(case)) == before
    assert client.post(case.url(route.path), data=typed).status_code == 302
    assert sum(done(case)) == before + 1


def test_without_a_key_every_sending_counts(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="in_meeting")
    for _ in range(2):
        said = case.by("worker").post(case.url("/meeting"), data={"body": "好", "audience": "joint"})
        assert said.status_code == 302
    assert done(case)[1] == 2


def test_a_wrong_code_is_no_answer_but_its_lost_try_is_kept(
    app: Flask, transaction: Any, texted: Any
) -> None:
    case = Played(app, transaction, state="awaiting_signatures")
    client = case.by("worker")
    page = filled(client.post(case.url("/sign/code"), data=filled(client.get(case.url("/acts/sign")))))
    code = texted("13800000000")[0].partition("验证码")[2][:6]
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert client.post(case.url("/acts/sign"), data=page | STATED | {"code": wrong}).status_code == 422
    with transaction() as session:
        assert session.scalars(select(Code.tries_left)).one() == 4
        assert session.scalars(select(Reply)).all() == []
    assert client.post(case.url("/acts/sign"), data=page | STATED | {"code": code}).status_code == 302


def test_an_answer_is_kept_for_thirty_days(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="in_meeting")
    client = case.by("worker")
    typed = filled(client.get(case.url("/acts/offer"))) | {"amount": "5000"}
    client.post(case.url("/acts/offer"), data=typed)
    today = NOW
    with transaction() as session:
        assert replies.clean(session, today + timedelta(days=30, seconds=-60)) == 0
    assert client.post(case.url("/acts/offer"), data=typed).status_code == 302
    with transaction() as session:
        assert replies.clean(session, today + timedelta(days=30, seconds=60)) == 1
    assert client.post(case.url("/acts/offer"), data=typed).status_code == 409


# --- filing ------------------------------------------------------------------------------------------


def filings(transaction: Any) -> int:
    with transaction() as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


def test_a_filing_sent_three_times_is_one_case_and_one_address(agent: Any, transaction: Any) -> None:
    client = agent()
    typed = fields(client.get("/desk/oral")) | FILED
    assert len({client.post("/desk/oral", data=typed).location for _ in range(3)}) == 1
    assert filings(transaction) == 1


def test_a_filing_that_was_changed_after_it_was_sent_waits_for_one_more_click(
    agent: Any, transaction: Any
) -> None:
    client = agent()
    typed = fields(client.get("/desk/oral")) | FILED
    client.post("/desk/oral", data=typed)
    answer = client.post("/desk/oral", data=typed | {"contact.name": "吴某"})
    assert answer.status_code == 422
    assert "交过一次，内容和这次的不一样" in words(answer)
    assert filings(transaction) == 1
    assert client.post("/desk/oral", data=fields(answer) | {"file": "1"}).status_code == 302
    with transaction() as session:
        assert session.scalars(select(Party.name).where(Party.side == "worker")).all() == ["周某", "吴某"]


# --- what a program is told --------------------------------------------------------------------------


@pytest.fixture
def told(app: Flask, transaction: Any) -> Any:
    """What a program is answered: `told(state, role, act, **typed)`."""

    def ask(state: str, role: str, act: str, **typed: Any) -> tuple[int, Any]:
        case = Played(app, transaction, state=state)
        typed = {"seen": case.now()[1]} | typed
        answer = case.by(role).post(case.url(f"/acts/{act}"), data=typed, headers=JSON)
        return answer.status_code, answer.json

    return ask


def test_a_program_is_told_what_is_missing_and_where_the_case_stands(told: Any) -> None:
    status, said = told("in_meeting", "worker", "accept_offer")
    assert status == 409
    assert said.pop("at")
    assert said == {
        "code": "unmet",
        "state": "in_meeting",
        "version": 8,
        "by_role": "mediator",
        "reasons": ["对方没有等您答复的方案。"],
    }
    assert told("in_meeting", "admin", "seal")[1]["code"] == "not_now"
    assert told("in_meeting", "worker", "offer", amount="0") == (
        422,
        {
            "code": "invalid",
            "problems": {"amount": "not_an_amount.zero"},
            "said": {"amount": "钱数要大于零"},
        },
    )


def test_a_program_is_told_what_is_not_its_own_and_what_is_not_there(told: Any, app: Flask) -> None:
    assert told("in_meeting", "worker", "adjourn") == (403, {"code": "not_yours"})
    assert told("in_meeting", "worker", "fly") == (404, {"code": "unknown"})
    assert app.test_client().get("/nowhere", headers=JSON).json == {"code": "unknown"}
    stranger = app.test_client().post("/cases/x/acts/offer", headers=JSON)
    assert (stranger.status_code, stranger.json) == (401, {"code": "not_entered"})


def test_what_the_machine_did_by_itself_was_moved_by_whoever_began_it(told: Any) -> None:
    said = told("performing", "admin", "seal")[1]
    assert (said["state"], said["by_role"]) == ("performing", "admin")
