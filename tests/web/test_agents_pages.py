"""Whoever acts for a party: named, checked by staff, let in by a code to his own phone, and out again."""

import re
import threading
from datetime import timedelta
from typing import Any

import makers
import pytest
from flask import Flask
from flask.testing import FlaskClient
from reading import filled, words
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from test_application_copies import text
from visiting import Played, browser, post

from mediation.domain.fields import Invalid
from mediation.engine.asking import Ask
from mediation.services import agents
from mediation.services.audit_parties import examine
from mediation.services.casework import fire
from mediation.store.cases import facts_of
from mediation.store.models import Agent, AgentSide, Case, Entry
from mediation.web.context import visitor_of_party

PHONE, NAME = "13700001111", "某代理"
TYPED = {"agent_name": NAME, "agent_phone": PHONE, "kind": "relative", "scope": "special"}
BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def case(app: Flask, transaction: Any) -> Played:
    return Played(app, transaction, state="in_meeting")


def name(case: Played, by: str = "worker", **typed: str) -> Any:
    return post(case.by(by), case.url("/acts/name_agent"), **TYPED | typed)


def check(case: Played) -> None:
    page = case.by("clerk").get(case.url("/acts/verify_agent"))
    ref = re.search(r'name="agent" value="([0-9a-f]{16})"', page.text).group(1)  # type: ignore[union-attr] - fails loudly
    typed = filled(page) | {"agent": ref, "note": "柜台看了原件"}
    assert case.by("clerk").post(case.url("/acts/verify_agent"), data=typed).status_code == 302


def agent_of(transaction: Any) -> Any:
    """Row number, reference and key of whoever was named last."""
    with transaction() as session:
        query = select(Agent.id, Agent.ref, Agent.key).order_by(Agent.id.desc()).limit(1)
        return session.execute(query).one()


def come_in(app: Flask, case: Played, texted: Any, key: str) -> FlaskClient:
    """His own browser, from the link in his text to the case."""
    client = app.test_client()
    asked = client.get(f"/k/{key}")
    assert asked.status_code == 200
    client.post(f"/k/{key}", data=filled(asked))
    code = re.search(r"验证码(\d{6})", texted(PHONE)[0]).group(1)  # type: ignore[union-attr] - fails loudly
    form = {field: said for field, said in filled(client.get("/code")).items() if field != "again"}
    came = client.post("/code", data=form | {"code": code})
    assert came.status_code == 302
    return client


@BOTH
def test_an_agent_comes_in_by_his_own_phone_once_his_paper_is_checked(
    app: Flask, case: Played, transaction: Any, texted: Any
) -> None:
    assert name(case).status_code == 302
    _, ref, key = agent_of(transaction)
    assert app.test_client().get(f"/k/{key}").status_code == 404, "nobody has checked it yet"
    assert "等工作人员核对" in words(case.by("clerk").get(case.url()))
    check(case)
    assert "委托核对好了" in texted(PHONE)[0]
    assert f"/k/{key}" in texted(PHONE)[0]
    client = come_in(app, case, texted, key)
    page = client.get(case.url())
    assert page.status_code == 200
    assert words(page).count(NAME) >= 1
    # He acts on the seat of whoever named him, and the log says who it was.
    offered = post(client, case.url("/acts/offer"), amount="5000")
    assert offered.status_code == 302
    with transaction() as session:
        last = session.scalars(
            select(Entry).where(Entry.case_id == case.id).order_by(Entry.number.desc())
        ).first()
        assert (last.role, last.seat, last.actor_id) == ("worker", 0, f"agent:{ref}")
        assert last.authority == "code"


def test_a_general_authority_ends_where_the_law_says(
    app: Flask, case: Played, transaction: Any, texted: Any
) -> None:
    name(case, scope="general")
    check(case)
    client = come_in(app, case, texted, agent_of(transaction).key)
    page = client.get(case.url("/acts/offer"))
    assert page.status_code == 409
    assert "您是一般授权" in words(page)
    before = case.now()
    token = filled(client.get(case.url("/evidence")))["csrf_token"]
    forged = {"csrf_token": token, "once": "x" * 22, "seen": str(before[1]), "amount": "5000"}
    assert client.post(case.url("/acts/offer"), data=forged).status_code == 409
    for act in ("withdraw", "end", "name_agent", "end_agent"):
        assert client.get(case.url(f"/acts/{act}")).status_code == 409
    assert case.now() == before
    assert client.get(case.url("/evidence")).status_code == 200


def test_whoever_is_out_is_out_at_once_and_hears_nothing_more(
    app: Flask, case: Played, transaction: Any, texted: Any
) -> None:
    name(case)
    check(case)
    key = agent_of(transaction).key
    client = come_in(app, case, texted, key)
    form = filled(client.get(case.url("/acts/offer"))) | {"amount": "5000"}
    assert post(case.by("worker"), case.url("/acts/end_agent")).status_code == 302
    heard = len(texted(PHONE))
    before = case.now()
    assert client.post(case.url("/acts/offer"), data=form).status_code == 302, "his session is over"
    assert case.now() == before
    assert client.get(case.url()).status_code == 302
    assert app.test_client().get(f"/k/{key}").status_code == 404
    case.act("offer", role="employer", data={"amount": 100_000})
    assert len(texted(PHONE)) == heard


def test_what_the_party_is_told_he_is_told_too(
    case: Played, transaction: Any, texted: Any, app: Flask
) -> None:
    name(case)
    check(case)
    post(case.by("employer"), case.url("/acts/offer"), amount="1000")
    agent = agent_of(transaction)
    assert f"/k/{agent.key}" in texted(PHONE)[0]
    with transaction() as session:
        key = next(one.key for one in session.get_one(Case, case.id).parties if one.side == "worker")
    assert key not in texted(PHONE)[0], "the link of the party is the party's"


def test_an_expired_authority_opens_nothing(app: Flask, case: Played, transaction: Any, texted: Any) -> None:
    name(case)
    check(case)
    agent = agent_of(transaction)
    with transaction() as session:
        visitor = visitor_of_party(session.get_one(Agent, agent.id)).id
    client = browser(app, visitor)
    assert client.get(case.url()).status_code == 200
    clock = app.extensions["clock"]
    app.extensions["clock"] = lambda: clock() + timedelta(days=200)
    assert client.get(case.url()).status_code == 302
    assert client.get(f"/k/{agent.key}").status_code == 404


@BOTH
def test_nobody_acts_for_both_sides(case: Played, transaction: Any) -> None:
    assert name(case).status_code == 302
    refused = name(case, by="employer")
    assert refused.status_code == 422
    assert "这个手机号在本案里是对方的" in words(refused)
    assert NAME in refused.text, "what was typed is kept"
    with transaction() as session:
        parties = {one.side: one.phone for one in session.get_one(Case, case.id).parties}
    assert "是对方的" in words(name(case, agent_phone=parties["employer"]))
    assert "您自己的手机号" in words(name(case, agent_phone=parties["worker"]))
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(AgentSide(case_id=case.id, phone=PHONE, side="employer"))


@BOTH
def test_two_sides_that_name_the_same_phone_at_once_do_not_both_have_it(
    case: Played, transaction: Any
) -> None:
    before = case.now()[1]
    came: list[str] = []
    gate = threading.Barrier(10)

    def ask(number: int) -> None:
        role = ("worker", "employer")[number % 2]
        gate.wait()
        try:
            with transaction() as session:
                held = session.get_one(Case, case.id)
                who, at = makers.actor_of(session, held, role), held.moved_at + timedelta(minutes=1)
                said = {"authority": makers.authority(at)}
                ask = Ask("name_agent", who, before, at, said)
                agents.name_agent(session, case.office, case.id, ask, NAME, PHONE)
            came.append(role)
        except Exception as refused:
            came.append(type(refused).__name__)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(one in ("worker", "employer") for one in came) == 1, came
    with transaction() as session:
        assert len(facts_of(session.get_one(Case, case.id)).authorities) == 1
        assert len(session.scalars(select(Agent)).all()) == 1


def test_the_other_side_sees_whom_it_has_before_it_and_no_more(case: Played) -> None:
    name(case)
    assert NAME not in words(case.by("employer").get(case.url()))
    check(case)
    seen = words(case.by("employer").get(case.url()))
    assert NAME in seen
    assert "特别授权" in seen
    assert PHONE not in case.by("employer").get(case.url()).text
    assert PHONE[-4:] not in seen
    assert PHONE[-4:] in words(case.by("worker").get(case.url()))


def test_his_name_and_phone_are_not_in_the_log_and_cannot_be_changed_past_it(
    case: Played, transaction: Any
) -> None:
    name(case)
    check(case)
    with transaction() as session:
        log = "".join(session.scalars(select(Entry.data).where(Entry.case_id == case.id)))
        assert NAME not in log
        assert PHONE not in log
        assert list(examine(session, case.office)) == []
        session.scalars(select(Agent)).one().name = "另一位"
        session.flush()
        assert [one.sentence for one in examine(session, case.office)]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("agent_name", "", "写上代理人的姓名"),
        ("agent_phone", "123", "手机号是 11 位数字"),
        ("agent_phone", "", "写上代理人的手机号"),
        ("kind", "friend", "选一个"),
        ("scope", "", "选一个"),
        ("end", "明天", "日期"),
        ("start", "", "写上从哪天起"),
        ("end", "2020-01-01", "委托的日子不对"),
        ("end", "9999-99-99", "日期"),
        ("document", "0" * 64, ""),
        ("agent_name", "名" * 10**6, ""),
        ("agent_name", "a\0b", ""),
        ("surprise", "1", ""),
    ],
)
def test_what_cannot_be_read_is_said_and_the_rest_is_kept(
    case: Played, field: str, typed: str, said: str
) -> None:
    before = case.now()
    answer = name(case, **{field: typed})
    assert answer.status_code in (409, 413, 422)
    assert case.now() == before
    if answer.status_code == 422:
        assert said in words(answer)
        assert 'value="relative" checked' in answer.text or field == "kind"
        assert "<title>错误" in answer.text


def test_the_page_is_in_english_too(case: Played) -> None:
    page = case.by("worker").get(case.url("/acts/name_agent?lang=en"))
    assert "How far may he or she go" in words(page)


def test_what_is_refused_by_the_service_is_refused_with_a_sentence(case: Played, transaction: Any) -> None:
    with transaction() as session:
        held = session.get_one(Case, case.id)
        who, at = makers.actor_of(session, held, "worker"), held.moved_at + timedelta(minutes=1)
        ask = Ask("name_agent", who, held.revision, at, {"authority": makers.authority(at)})
        with pytest.raises(Invalid):
            agents.name_agent(session, case.office, case.id, ask, NAME, held.parties[0].phone)


def test_the_sealed_paper_names_who_signed_and_for_whom_in_the_place_of_the_party(
    app: Flask, transaction: Any
) -> None:
    case = Played(app, transaction, state="awaiting_signatures")
    case.act("name_agent")
    case.act("verify_agent")
    with transaction() as session:
        held = session.get_one(Case, case.id)
        who = agents.agent_actor(agents.agents_of(session, held)[0])
        hand = makers.in_hand("sign", facts_of(held), held.moved_at)
        ask = Ask("sign", who, held.revision, held.moved_at + timedelta(minutes=1), hand)
        fire(session, case.office.catalogue, case.id, ask)
    for role in ("employer", "mediator"):
        case.act("sign", role=role)
    case.act("seal")
    with case.by("employer").get(case.url("/agreement.pdf")) as answer:
        paper = text(answer)
    signed = paper.partition("四、文本与签署")[2].partition("附")[0]
    assert signed.count("申请人：") - signed.count("被申请人：") == 1, "one place for one worker"
    for said in (NAME, "代表钟某", "特别授权代理人用短信验证码签署"):
        assert said in signed
    assert "（签名）" not in signed
