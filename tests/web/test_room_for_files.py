"""Nobody fills the disk: what one application, one network and everybody may send before it is filed."""

import io
from datetime import timedelta
from typing import Any

import pytest
import zoo
from flask import Flask
from flask.testing import FlaskClient
from makers import NOW, make_staff
from reading import words
from test_applying_files import add, begun, filed, rows
from visiting import Played, browser

from mediation.domain import evidence as rules
from mediation.services import alerting, spare, unsent_files
from mediation.store.models import Upload
from mediation.web.context import visitor_of_staff

SMALL = len(zoo.NOTED)


def part(client: FlaskClient, size: int) -> Any:
    return client.post("/apply/uploads", data={"for": "apply", "size": str(size)})


def test_one_application_brings_so_much_and_no_more(
    client: FlaskClient, transaction: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = zoo.photo(size=(30, 20))
    monkeypatch.setattr(unsent_files, "MOST_OF_ONE", SMALL + len(other) - 1)
    begun(client)
    assert add(client, zoo.NOTED).status_code == 302
    page = add(client, other)
    assert page.status_code == 422
    assert words(page).count("加起来最多 200 MB") == 2
    assert rows(transaction) == 1


def test_one_party_brings_so_much_to_its_case(
    app: Flask, transaction: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mediation.services import evidence

    monkeypatch.setattr(evidence, "MOST_OF_ONE", SMALL)
    case = Played(app, transaction, state="accepted")

    def hand_in(role: str, content: bytes) -> Any:
        client, url = case.by(role), case.url("/acts/add_evidence")
        return client.post(url, data={"seen": str(case.now()[1]), "file": (io.BytesIO(content), "a.jpg")})

    assert hand_in("worker", zoo.NOTED).status_code == 302
    assert "加起来最多 200 MB" in words(hand_in("worker", zoo.photo(size=(9, 9))))
    assert hand_in("employer", zoo.NOTED).status_code == 302, "each for himself"


def test_a_network_sends_so_much_in_a_day_however_many_applications_it_begins(
    app: Flask, transaction: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spare, "OF_A_NETWORK", 3 * SMALL)

    def one(content: bytes, network: str = "10.1.1.1") -> Any:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = network
        return add(begun(client), content)

    assert one(zoo.NOTED).status_code == 302
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "10.1.1.2"
    assert part(begun(client), SMALL).status_code == 201
    assert part(client, SMALL + 1).status_code == 422
    assert one(zoo.NOTED).status_code == 302
    late = one(zoo.NOTED)
    assert late.status_code == 422
    assert words(late).count("您用的网络今天传得太多了。材料明天再补") == 2
    assert one(zoo.NOTED, "10.9.1.1").status_code == 302, "another network"
    app.extensions["clock"] = lambda: NOW + timedelta(days=1, minutes=1)
    assert one(zoo.NOTED).status_code == 302
    assert rows(transaction) == 4


def test_where_no_room_is_left_one_still_files_and_somebody_is_told(
    app: Flask, client: FlaskClient, transaction: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(client)
    monkeypatch.setattr(spare, "OF_ALL", SMALL)
    monkeypatch.setattr(spare, "NEARLY", SMALL)
    admin = browser_of_admin(app, transaction)
    assert "快用完了" not in words(admin.get("/desk"))
    assert add(client, zoo.NOTED).status_code == 302
    other = begun(app.test_client())
    full = add(other, zoo.photo(size=(9, 9)))
    assert full.status_code == 422
    assert "暂时存不下了。材料以后再补" in words(full)
    assert "存材料的地方，快用完了" in words(admin.get("/desk"))
    with transaction() as session:
        assert any(
            "unfiled evidence" in one for one in alerting.watch(session, app.extensions["office"], NOW).alarms
        )
    assert filed(other).status_code == 302
    assert filed(client).status_code == 302
    with transaction() as session:
        assert spare.lying(session) == 0, "what is filed lies with its case"


def browser_of_admin(app: Flask, transaction: Any) -> FlaskClient:
    with transaction() as session:
        return browser(app, str(visitor_of_staff(make_staff(session, role="admin")).id))


def test_a_file_of_an_application_counts_once_it_has_come_in_parts(transaction: Any) -> None:
    with transaction() as session:
        session.add(Upload(name="n", holder="h", size=7, came=3, at=NOW, network="net"))
        session.flush()
        assert spare.lying(session) == 7
    assert rules.MOST_OF_ONE < spare.OF_A_NETWORK < spare.NEARLY < spare.OF_ALL
