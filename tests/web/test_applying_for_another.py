"""Somebody applies for another at /apply: his own phone, the other's case, and nothing before a yes."""

import io
import re
from typing import Any

import pytest
import zoo
from answering import ANSWERS, PHONE, answer, begin, fields, go, proof, ready
from flask import Flask
from flask.testing import FlaskClient
from makers import NOW
from reading import filled, title, words
from sqlalchemy import select
from test_agents_pages import check, come_in
from test_application_copies import text
from visiting import Played, browser, post

from mediation.services import notices
from mediation.services.audit_parties import examine
from mediation.store.cases import facts_of, party
from mediation.store.models import Agent, Case, Unsent
from mediation.web.context import visitor_of_party

AGENT, BOTH = "/apply/agent", pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
HIS = "13700001111"
TYPED = {
    "agent_name": "某代理", "agent_phone": HIS, "kind": "relative", "scope": "special",
    "start": "2026-03-02", "end": "2026-08-29",
}  # fmt: skip


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def told(client: FlaskClient, **said: str) -> Any:
    hidden = {"once": fields(client.get(AGENT))["once"]}
    return client.post(AGENT, data=hidden | TYPED | said)


def send(client: FlaskClient, **said: str) -> Any:
    typed = ready(client)
    return client.post("/apply/check", data=typed | {"code": proof(client, HIS)} | said)


@pytest.fixture
def filed(client: FlaskClient) -> Any:
    """What whoever files for another sees at the end."""
    go(client, "contact")
    assert told(client).location == "/apply/contact"
    assert answer(client, "contact", ANSWERS["contact"]).location == "/apply/check"
    return send(client)


def the_case(app: Flask, transaction: Any) -> Played:
    found = Played.__new__(Played)
    found.app, found.transaction, found.office = app, transaction, app.extensions["office"]
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        found.id, found.ref = case.id, case.ref
    return found


def of_worker(app: Flask, transaction: Any) -> FlaskClient:
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        return browser(app, str(visitor_of_party(party(case, "worker")).id))


@BOTH
def test_who_files_for_another_gets_a_number_and_is_not_let_in(
    app: Flask, client: FlaskClient, filed: Any, transaction: Any, texted: Any, stored: Any
) -> None:
    assert re.fullmatch("/apply/filed/[^/]+", filed.location)
    page = client.get(filed.location)
    assert "收到了，编号" in words(page)
    assert "在这之前，不联系单位" in words(page)
    assert app.test_client().get(filed.location).location == "/apply", "for this browser alone"
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        facts = facts_of(case)
        assert (facts.unconfirmed, facts.staying) == ((0,), ())
        assert party(case, "worker").phone == PHONE
        assert [(one.name, one.phone, one.seat) for one in case.agents] == [("某代理", HIS, 0)]
        assert facts.authorities[0].ref == case.agents[0].ref
        assert "某代理" not in case.log[0].data
        assert HIS not in case.log[0].data + case.log[1].data
        assert list(examine(session, app.extensions["office"])) == []
        ref, key = case.ref, case.agents[0].key
    assert stored(Unsent) == 0
    assert client.get(f"/cases/{ref}").status_code == 302, "nobody was let in"
    assert app.test_client().get(f"/k/{key}").status_code == 404
    assert "委托书核对好，或者本人确认了" in texted(HIS)[0]
    assert "/k/" not in texted(HIS)[0]
    assert "有人替您申请" in texted(PHONE)[0]


def test_the_fingerprint_of_who_filed_is_held_against_his_record(
    app: Flask, filed: Any, transaction: Any
) -> None:
    assert filed.status_code == 302
    with transaction() as session:
        session.scalars(select(Agent)).one().name = "别人"
    with transaction() as session:
        assert any("agent:" in str(one) for one in examine(session, app.extensions["office"]))


def test_the_worker_says_yes_and_then_his_employer_is_called(
    app: Flask, filed: Any, transaction: Any
) -> None:
    assert filed.status_code == 302
    case, worker = the_case(app, transaction), of_worker(app, transaction)
    clerk = case.by("clerk")
    refused = clerk.get(case.url("/acts/contact_employer"))
    assert refused.status_code == 409
    assert "还没有人确认要申请" in words(refused)
    page = worker.get(case.url(), follow_redirects=True)
    assert "某代理替您申请了调解，是您吗？" in words(page)
    assert "近亲属" in words(page)
    assert "特别授权" in words(page)
    assert post(worker, case.url("/acts/confirm_place")).status_code == 302
    assert post(clerk, case.url("/acts/contact_employer")).status_code == 302
    with transaction() as session:
        assert session.get_one(Case, case.id).state == "contacting"


def test_the_checked_paper_opens_his_door(app: Flask, filed: Any, transaction: Any, texted: Any) -> None:
    assert filed.status_code == 302
    case = the_case(app, transaction)
    desk = case.by("clerk").get(case.url())
    assert "等工作人员核对" in words(desk)
    check(case)
    with transaction() as session:
        key = session.scalars(select(Agent.key)).one()
        assert facts_of(session.get_one(Case, case.id)).staying == (0,)
    client = come_in(app, case, texted, key)
    assert client.get(case.url()).status_code == 200
    paper = client.get(case.url("/application.pdf"))
    assert paper.status_code == 200
    assert "代理人：某代理（近亲属，特别授权）" in text(paper)
    assert "您委托的代理人能替您办了" in texted(PHONE)[0], "the worker hears of it, and may end it"


def test_the_worker_says_no_and_it_is_over(app: Flask, filed: Any, transaction: Any, texted: Any) -> None:
    assert filed.status_code == 302
    case, worker = the_case(app, transaction), of_worker(app, transaction)
    worker.get(case.url())
    assert post(worker, case.url("/acts/decline_place")).status_code == 302
    assert case.now()[0] == "withdrawn"
    assert case.by("clerk").get(case.url("/acts/verify_agent")).status_code in (403, 409)


def test_a_paper_that_does_not_hold_is_ended_and_he_is_told(
    app: Flask, filed: Any, transaction: Any, texted: Any
) -> None:
    assert filed.status_code == 302
    case = the_case(app, transaction)
    clerk = case.by("clerk")
    page = clerk.get(case.url("/acts/end_agent"))
    ref = re.search(r'name="agent" value="([0-9a-f]{16})"', page.text).group(1)  # type: ignore[union-attr] - fails loudly
    assert clerk.post(case.url("/acts/end_agent"), data=filled(page) | {"agent": ref}).status_code == 302
    assert "委托书没有核对通过" in texted(HIS)[0]
    assert case.now()[0] == "submitted", "the worker may still say that he applies"


def test_his_own_phone_is_the_one_that_is_proven(client: FlaskClient, texted: Any) -> None:
    go(client, "contact")
    told(client)
    answer(client, "contact", ANSWERS["contact"])
    assert HIS in words(client.get("/apply/check"))
    assert texted(PHONE) == [], "the worker's phone gets no code for somebody else's form"
    assert send(client, code="000000").status_code == 422


def test_the_paper_is_chosen_among_the_photos_and_may_not_be_taken_away(client: FlaskClient) -> None:
    go(client, "contact")
    client.post("/apply/evidence", data={"file": (io.BytesIO(zoo.photo(size=(30, 20))), "x.jpg")})
    digest = re.search(r'<option value="([0-9a-f]{64})"', client.get(AGENT).text).group(1)  # type: ignore[union-attr] - fails loudly
    assert told(client, document=digest).status_code == 302
    answer(client, "contact", ANSWERS["contact"])
    assert "委托书拍了照片" in words(client.get("/apply/check"))
    number = re.search(r'name="drop" value="(\d+)"', client.get("/apply/evidence").text).group(1)  # type: ignore[union-attr] - fails loudly
    client.post("/apply/evidence", data={"drop": number})
    again = send(client)
    assert again.status_code == 422
    assert "委托书那张照片去掉了" in words(again)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"agent_name": ""}, "写上代理人的姓名"),
        ({"agent_phone": "1380013800"}, "手机号是 11 位数字"),
        ({"kind": "nobody"}, "选一个"),
        ({"scope": ""}, "选一个"),
        ({"end": "2026-01-01"}, "日子不对"),
        ({"start": "后天"}, "日期"),
        ({"document": "0" * 64}, "从列出的里面选一个"),
        ({"agent_name": "a" * 10**6}, "太长"),
        ({"agent_name": "😀\0"}, ""),
        ({"else": "1"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    client: FlaskClient, said: dict[str, str], sentence: str
) -> None:
    go(client, "contact")
    page = told(client, **said)
    assert page.status_code == 422
    assert title(page).startswith("错误")
    assert sentence in words(page)
    assert f'value="{said.get("agent_phone", HIS)}"' in page.text


def test_on_second_thoughts_he_applies_for_himself(
    client: FlaskClient, stored: Any, transaction: Any
) -> None:
    go(client, "contact")
    told(client)
    assert "您替谁申请" in words(client.get("/apply/contact"))
    client.post(AGENT, data={"oneself": "1"})
    answer(client, "contact", ANSWERS["contact"])
    typed = ready(client)
    assert "/apply/received/" in client.post("/apply/check", data=typed).location
    assert stored(Agent) == 0


def test_one_phone_is_not_two_people(client: FlaskClient) -> None:
    go(client, "contact")
    told(client, agent_phone=PHONE)
    answer(client, "contact", ANSWERS["contact"])
    page = client.post("/apply/check", data=ready(client))
    assert page.status_code == 422
    assert "这是替他申请的人的手机号" in words(page)


def test_the_page_wants_an_application_that_was_begun(client: FlaskClient) -> None:
    assert client.get(AGENT).location == "/apply"
    assert client.get("/apply/filed/nothing").location == "/apply"
    begin(client)
    assert client.get(AGENT).status_code == 200


@pytest.mark.parametrize(
    ("acts", "told"),
    [(("reject", "approve_rejection"), "这里不能受理"), (("refer",), "转给别的机构了")],
)
def test_who_filed_hears_that_it_was_refused_or_passed_on_while_nobody_has_said_yes(
    app: Flask, filed: Any, transaction: Any, texted: Any, acts: tuple[str, ...], told: str
) -> None:
    case = the_case(app, transaction)
    before = len(texted(PHONE))
    for act in acts:
        case.act(act, role="admin" if act.startswith("approve") else "clerk")
    with transaction() as session:
        notices.send(session, case.office, NOW)
    (newest, *_) = texted(HIS)
    assert told in newest
    assert "/k/" not in newest
    assert len(texted(PHONE)) == before, "he has not said that it is his"
