"""How a worker can be called: asked beside his application, shown to whoever telephones, mended later."""

from typing import Any

import pytest
from answering import ODD, begin, go, send
from flask import Flask
from flask.testing import FlaskClient
from makers import NOW, SPOKEN, make_application
from reading import MOST_BYTES, fields, ids, links, title, weight, words
from sqlalchemy import select, update
from visiting import Played
from werkzeug.datastructures import MultiDict

from mediation.domain.filing import read as read_filing
from mediation.domain.reach import Reach
from mediation.services import notices
from mediation.services.filing import reach_of
from mediation.store.models import Handover, Party
from mediation.web.forms.reach import FORM

PAGE = "/apply/reach"
SECOND = "13911112222"
GIVEN = {"phone": "139 1111 2222", "name": "赵某", "relation": "表姐", "hours": ["noon", "evening"]}
KEPT = Reach(SECOND, "赵某", "表姐", hours=("noon", "evening"))


@pytest.fixture
def database_kind() -> str:
    """Pages are the same on both."""
    return "sqlite"


@pytest.fixture
def settings() -> dict[str, Any]:
    """Texts leave through a gateway."""
    return {"SMS_GATEWAY_URL": "http://127.0.0.1:9/"}


@pytest.fixture
def case(app: Flask, transaction: Any) -> Played:
    """Two workers, of whom the first has said how he can be called."""
    application = make_application(workers=2)
    application["workers"][0]["reach"] = {"phone": SECOND, "name": "赵某", "hours": ["noon"]}
    return Played(app, transaction, state="contacting", filing=read_filing(application))


def kept(transaction: Any) -> list[Reach | None]:
    """What the workers of the only case have said, by seat."""
    with transaction() as session:
        found = select(Party).where(Party.side == "worker").order_by(Party.seat)
        return [reach_of(one) for one in session.scalars(found)]


def test_what_is_given_stands_on_the_list_and_goes_with_the_application(
    client: FlaskClient, transaction: Any
) -> None:
    go(client)
    assert PAGE in links(client.get("/apply/check"))
    assert client.post(PAGE, data=MultiDict(GIVEN)).location == "/apply/check"
    listed = words(client.get("/apply/check"))
    for said in ("中午、晚上可以打", "赵某", SECOND, "只说请他回电话，不说是什么事"):
        assert said in listed
    page = client.get(PAGE)
    assert fields(page)["phone"] == SECOND
    assert weight(client, page) <= MOST_BYTES
    send(client)
    assert kept(transaction) == [KEPT]


def test_who_gives_nothing_files_as_before(client: FlaskClient, transaction: Any) -> None:
    go(client)
    assert client.post(PAGE, data=GIVEN | {"hours": []}).status_code == 302
    assert client.post(PAGE, data={}).status_code == 302, "and takes it back"
    send(client)
    assert kept(transaction) == [None]


def test_it_is_asked_once_the_name_is_known(client: FlaskClient) -> None:
    assert client.get(PAGE).location == "/apply"
    begin(client)
    assert client.post(PAGE, data=GIVEN).location == "/apply"


BAD = [
    ({"phone": "没有"}, "phone", "电话写数字，座机带区号，比如 01060000000"),
    ({"phone": "12"}, "phone", "电话写数字，座机带区号，比如 01060000000"),
    ({"name": "赵某"}, "phone", "写上这个人的电话，或者都空着"),
    ({"phone": SECOND, "name": "赵😀"}, "name", "姓名、名称里不能有“😀”，删掉它就行"),
    ({"phone": SECOND, "relation": "远" * 21}, "relation", "写得太长了，短一些"),
    ({"phone": SECOND, "hours": "night"}, "hours", "从列出的里面选一个"),
]


@pytest.mark.parametrize(("said", "field", "sentence"), BAD)
def test_what_cannot_be_read_is_said_and_kept(
    client: FlaskClient, case: Played, said: dict[str, Any], field: str, sentence: str
) -> None:
    go(client)
    worker = case.by("worker")
    for page in (client.post(PAGE, data=said), worker.post(case.url("/reach/worker:0"), data=said)):
        assert page.status_code == 422
        assert title(page).startswith("错误：")
        assert f"#{field}" in links(page)
        assert field in ids(page)
        assert words(page).count(sentence) == 2
        assert all(fields(page)[name] == value for name, value in said.items() if name != "hours")


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize("name", sorted(FORM.single | FORM.ticked))
def test_no_field_breaks_its_pages(
    client: FlaskClient, case: Played, transaction: Any, name: str, what: str
) -> None:
    go(client)
    typed = MultiDict({**GIVEN, name: ODD[what]})
    assert client.post(PAGE, data=typed).status_code == 422
    assert case.by("worker").post(case.url("/reach/worker:0"), data=typed).status_code == 422
    assert client.post(PAGE, data={**GIVEN, "admin": "1"}).status_code == 422
    assert kept(transaction)[0] == Reach(SECOND, "赵某", hours=("noon",))


def test_whoever_telephones_reads_it_beside_the_phone_and_no_other_side_does(case: Played) -> None:
    for role in ("clerk", "admin", "worker"):
        page = words(case.by(role).get(case.url()))
        assert "中午可以打" in page, role
        assert SECOND in page, role
    fellow, firm = case.by("worker", 1), case.by("employer")
    for reader in (fellow, firm):
        page = words(reader.get(case.url()))
        assert "可以打" not in page
        assert SECOND not in page
        assert reader.get(case.url("/reach/worker:0")).status_code == 404
    assert firm.get(case.url("/reach/employer:0")).status_code == 404


def test_a_worker_mends_his_own(case: Played, transaction: Any) -> None:
    fellow, page = case.by("worker", 1), case.url("/reach/worker:1")
    assert page in links(fellow.get(case.url()))
    assert fellow.post(page, data={"text_only": "1"}).location == case.url()
    assert kept(transaction)[1] == Reach(text_only=True)
    assert "只发短信，不要打电话" in words(case.by("clerk").get(case.url()))
    assert "Text only, do not call" in words(fellow.get(case.url("?lang=en")))


@pytest.mark.parametrize(("fate", "told"), [({"report": "failed"}, True), ({"report": "delivered"}, False)])
def test_staff_hear_of_the_second_contact_where_a_text_did_not_arrive(
    case: Played, transaction: Any, fate: dict[str, str], told: bool
) -> None:
    with transaction() as session:
        assert notices.send(session, case.office, NOW)
        session.execute(update(Handover).values(handed_at=NOW, due_at=None, **fate))
    hint = "短信没有送到他手机上，可以打第二联系人"
    assert (hint in words(case.by("clerk").get(case.url()))) == told
    for role in ("worker", "employer"):
        assert hint not in words(case.by(role).get(case.url()))


def test_what_a_caller_tells_is_read_back(agent: Any) -> None:
    said = {f"reach.{name}": value for name, value in GIVEN.items()}
    page = agent().post("/desk/oral", data=MultiDict(SPOKEN | said))
    assert page.status_code == 200
    assert "中午、晚上可以打" in words(page)
    assert SECOND in words(page)
    assert fields(page)["reach.phone"] == GIVEN["phone"]
