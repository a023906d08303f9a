"""A party says where it gets mail, staff write it down; nobody else does, and it is shown veiled."""

from dataclasses import replace

import pytest
from makers import NOW
from reading import fields
from sqlalchemy import select
from visiting import EVERYBODY, Played

from mediation.services import mail, notices
from mediation.services.mail import MailServer
from mediation.store.models import Case, MailAddress

ADDRESS = "renshi@firm.example"


@pytest.fixture
def case(app, transaction):
    return Played(app, transaction, state="in_meeting", workers=2)


def post(client, page, **typed):
    """Fill in the form of the address, which is the first of the two."""
    return client.post(page, data=fields(client.get(page)) | typed)


def kept(transaction):
    with transaction() as session:
        rows = session.scalars(select(MailAddress).order_by(MailAddress.id))
        return [(row.address, row.given_by.partition(":")[0]) for row in rows]


@pytest.mark.parametrize("role", ["employer", "clerk", "mediator", "admin"])
def test_the_firm_and_staff_give_its_address_and_see_it_each_in_his_way(case, transaction, role):
    page, client = case.url("/mail/employer:0"), case.by(role)
    answer = post(client, page, address=f" {ADDRESS} ")
    assert answer.location == case.url()
    assert kept(transaction) == [(ADDRESS, "party" if role == "employer" else "person")]
    for shown in (client.get(case.url()).text, client.get(page).text):
        assert (ADDRESS in shown) == (role != "employer")
        assert ("r****@firm.example" in shown) == (role == "employer")
    post(client, page, address="")
    assert kept(transaction)[-1][0] == ""
    assert ADDRESS not in client.get(case.url()).text


@pytest.mark.parametrize(
    ("role", "seat", "whose"),
    [("employer", 0, "worker:0"), ("worker", 0, "employer:0"), ("worker", 0, "worker:1"),
     ("worker", 1, "worker:0"), ("clerk", 0, "worker:7"), ("clerk", 0, "mediator:0")],
)  # fmt: skip
def test_nobody_gives_another_partys_address(case, transaction, role, seat, whose):
    client = case.by(role, seat)
    for ask in (client.get, client.post):
        assert ask(case.url(f"/mail/{whose}")).status_code == 404
    assert kept(transaction) == []


@pytest.mark.parametrize(
    "typed", ["no address", "a@b", "x@y.cn\r\nBcc: z@y.cn", "邮箱", "a\0@y.cn", "😀@y.cn", "x" * 10**6]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_no_address_is_said_beside_the_field_and_kept(case, transaction, typed, lang):
    client, page = case.by("employer"), case.url(f"/mail/employer:0?lang={lang}")
    answer = post(client, page, address=typed)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'href="#address"' in answer.text
    assert kept(transaction) == []


@pytest.mark.parametrize("typed", [{"other": "1"}, {"address": ["a@b.cn", "c@d.cn"]}])
def test_a_field_that_is_not_asked_for_or_comes_twice_is_refused(case, transaction, typed):
    client, page = case.by("employer"), case.url("/mail/employer:0")
    assert client.post(page, data=typed).status_code == 422
    assert kept(transaction) == []


def test_both_languages_are_there(case):
    client = case.by("worker")
    assert "Notices by e-mail" in client.get(case.url("/mail/worker:0?lang=en")).text
    assert "用邮件收通知" in client.get(case.url("/mail/worker:0?lang=zh")).text


def test_a_letter_stands_among_what_was_sent_with_how_far_it_came(case, transaction):
    post(case.by("employer"), case.url("/mail/employer:0"), address=ADDRESS)
    office = replace(case.office, mail=MailServer("127.0.0.1:9", "us@office.example", security=mail.PLAIN))
    with transaction() as session:
        assert notices.send(session, office, NOW)
    case.app.extensions["office"] = office
    page = case.by("employer").get(case.url()).text
    assert "通知核对码" in page
    assert "正在等着发" in page
    for other in set(EVERYBODY) - {"employer"}:
        assert "通知核对码：<" not in case.by(other).get(case.url()).text
    assert "Mediation is free" not in case.by("worker").get(case.url()).text


@pytest.mark.parametrize(
    ("role", "whose"), [("worker", "worker:0"), ("clerk", "worker:1"), ("employer", "employer:0")]
)
def test_a_party_says_in_which_language_it_is_written_to(case, transaction, role, whose):
    side, seat = whose.split(":")
    client, page = case.by(role), case.url(f"/mail/{whose}")
    assert client.post(page, data={"language": "en"}).location == case.url()
    assert spoken(transaction, case) == {(side, int(seat)): "en"}
    assert client.post(page, data={"language": "zh"}).location == case.url()
    assert spoken(transaction, case) == {}


@pytest.mark.parametrize("typed", ["fr", "", "x" * 10**5, "\0", "😀"])
def test_a_language_that_nobody_offers_is_refused(case, transaction, typed):
    client, page = case.by("worker"), case.url("/mail/worker:0")
    assert client.post(page, data={"language": typed}).status_code == 422
    assert client.post(page, data={"language": ["zh", "en"]}).status_code == 422
    assert client.post(page, data={"language": "en", "other": "1"}).status_code == 422
    assert spoken(transaction, case) == {}


def spoken(transaction, case):
    """Parties that are not written to in Chinese."""
    with transaction() as session:
        parties = session.get_one(Case, case.id).parties
        return {(one.side, one.seat): one.language for one in parties if one.language != "zh"}
