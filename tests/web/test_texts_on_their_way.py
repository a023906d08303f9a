"""Beside each text its party reads how far it has come, where a gateway sends texts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from makers import NOW
from sqlalchemy import update
from visiting import Played

from mediation.services import notices
from mediation.services.gateways import GatewayAddress
from mediation.store.models import Handover


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ({"handed_at": NOW, "due_at": None}, "已经交给短信公司"),
        ({}, "正在等着发"),
        ({"due_at": None, "fault": "refused"}, "没能发出去"),
    ],
)
def test_a_party_reads_how_far_each_of_its_texts_has_come(app, transaction, way, said):
    case = Played(app, transaction, state="contacting")
    with transaction() as session:
        assert notices.send(session, case.office, NOW)
        session.execute(update(Handover).values(until=NOW, **way))
    page = case.by("worker").get(case.url()).text
    assert "发给您的短信" in page
    assert said not in page, "nobody sends texts here"
    app.extensions["office"] = replace(case.office, gateway=GatewayAddress("http://127.0.0.1:9/"))
    assert said in case.by("worker").get(case.url()).text


def test_an_administrator_sees_that_nobody_sends_them(app, transaction):
    case = Played(app, transaction, state="contacting")
    with transaction() as session:
        assert notices.send(session, case.office, NOW - timedelta(hours=1))
    assert "mediation relay" not in case.by("admin").get("/desk").text
    app.extensions["office"] = replace(case.office, gateway=GatewayAddress("http://127.0.0.1:9/"))
    assert "mediation relay" in case.by("admin").get("/desk").text
