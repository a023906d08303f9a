"""Staff keep the register of employers' contacts; where a case is against one, it is offered."""

import pytest
from makers import NOW
from reading import links, words
from sqlalchemy import select
from visiting import Played, post

from mediation.services import mailboxes, register
from mediation.store.cases import party
from mediation.store.models import Case, Contact, ContactEvent, Entry, Party

FIRM = "某制衣公司"
NEW = {"q": FIRM, "kind": "phone", "value": "010-6400 0000", "role": "人事部", "how": "website"}


@pytest.fixture
def case(app, transaction):
    return Played(app, transaction, state="contacting")


def rows(transaction, table):
    with transaction() as session:
        return len(session.scalars(select(table)).all())


def known(transaction, value="01064000000", kind="phone", how="called_back"):
    with transaction() as session:
        contact = register.add(
            session, employer=FIRM, uscc=None, kind=kind, value=value, role="", by="person:1", at=NOW
        )
        if how:
            register.note(session, contact, "verified", how, "person:1", NOW)
        return str(contact)


@pytest.mark.parametrize("role", ["clerk", "admin"])
def test_a_contact_is_added_verified_and_taken_out_of_use(case, transaction, role):
    client, page = case.by(role), f"/desk/contacts?q={FIRM}"
    assert "还没有登记过" in client.get(page).text
    assert client.post("/desk/contacts", data=NEW).status_code == 302
    shown = client.get(page).text
    assert "01064000000" in shown
    assert "单位官网上有" in shown
    with transaction() as session:
        contact = session.scalars(select(Contact.id)).one()
    told = {"q": FIRM, "contact": str(contact), "event": "bounced.wrong_number"}
    assert client.post("/desk/contacts/event", data=told).status_code == 302
    assert "打错了，不是这家单位" in client.get(page).text
    told["event"] = "retired.out_of_date"
    assert client.post("/desk/contacts/event", data=told).status_code == 302
    assert "不再用" in client.get(page).text


def test_a_mediator_reads_and_the_parties_find_nothing(case, transaction):
    known(transaction)
    assert "01064000000" in case.by("mediator").get(f"/desk/contacts?q={FIRM}").text
    for role, status in (("mediator", 403), ("worker", 403), ("employer", 403)):
        assert case.by(role).post("/desk/contacts", data=NEW).status_code == status
    for role in ("worker", "employer"):
        assert case.by(role).get("/desk/contacts").status_code == 403
        assert case.by(role).get(case.url("/contacts")).status_code == 404
    assert rows(transaction, Contact) == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"kind": ""}, "kind"), ({"kind": "pigeon"}, "kind"), ({"value": ""}, "value"),
     ({"value": "call me"}, "value"),
     ({"kind": "email"}, "value"), ({"how": "wrong_number"}, "how"), ({"q": ""}, "q"), ({"q": "司\0"}, "q"),
     ({"uscc": "9" * 19}, "uscc"), ({"role": "x" * 10**6}, "role"), ({"value": "😀"}, "value")],
)  # fmt: skip
def test_what_cannot_be_read_is_said_beside_its_field_and_what_was_typed_is_kept(
    case, transaction, changed, field
):
    answer = case.by("clerk").post("/desk/contacts", data=NEW | changed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    if "role" not in changed:
        assert "人事部" in answer.text
    assert rows(transaction, Contact) == 0


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"event": "verified.wrong_number"}, 422), ({"event": ""}, 422), ({"contact": "9999"}, 404),
     ({"contact": "x"}, 404), ({"contact": "9" * 18}, 404), ({"more": "1"}, 422)],
)  # fmt: skip
def test_no_event_that_is_not_listed_and_none_of_nothing(case, transaction, changed, status):
    told = {"q": FIRM, "contact": known(transaction, how=""), "event": "verified.website"} | changed
    assert case.by("clerk").post("/desk/contacts/event", data=told).status_code == status
    assert rows(transaction, ContactEvent) == 0


def test_a_verified_phone_is_offered_and_taken_over_with_an_entry_in_the_log(case, transaction):
    contact = known(transaction)
    client = case.by("clerk")
    assert "怎么联系单位" in client.get(case.url()).text
    page = client.get(case.url("/contacts")).text
    assert "本案改用这个" in page
    assert "还没核实，是申请里写的" in page
    assert post(client, case.url("/contacts"), contact=contact).status_code == 302
    assert 'name="contact"' not in client.get(case.url("/contacts")).text
    with transaction() as session:
        one = session.get_one(Case, case.id)
        assert party(one, "employer").phone == "01064000000"
        assert session.scalars(select(Entry).order_by(Entry.id.desc())).first().action == "correct_party"


def test_a_verified_address_is_taken_over_too(case, transaction):
    contact = known(transaction, "hr@firm.example", "email")
    assert post(case.by("clerk"), case.url("/contacts"), contact=contact).status_code == 302
    with transaction() as session:
        employer = session.scalars(select(Party).where(Party.side == "employer")).one()
        assert mailboxes.address_of(session, employer) == "hr@firm.example"


@pytest.mark.parametrize("which", ["not verified", "by post", "another firm", "nobody", "a mediator"])
def test_nothing_else_is_taken_over(case, transaction, which):
    role, contact = "clerk", known(transaction, how="" if which == "not verified" else "website")
    if which == "by post":
        contact = known(transaction, "某街 1 号", "post")
    if which == "another firm":
        with transaction() as session:
            contact = register.add(
                session,
                employer="别家",
                uscc=None,
                kind="phone",
                value="13911112222",
                role="",
                by="p",
                at=NOW,
            )
            register.note(session, contact, "verified", "website", "person:1", NOW)
    if which == "nobody":
        contact = "0"
    if which == "a mediator":
        case, role = Played(case.app, transaction, state="in_meeting"), "mediator"
    before = case.now()
    data = {"contact": str(contact), "seen": str(before[1])}
    answer = case.by(role).post(case.url("/contacts"), data=data)
    assert answer.status_code == (403 if which == "a mediator" else 422)
    assert case.now() == before


def test_who_saw_another_case_than_this_is_told_so(case, transaction):
    contact = known(transaction)
    answer = case.by("clerk").post(case.url("/contacts"), data={"contact": contact, "seen": "1"})
    assert answer.status_code == 409
    assert "刚刚有了变化" in answer.text


WARNING, TAG = "还没核实。拿着这个电话的人能替单位答复、签字", "还没核实是单位的"


@pytest.mark.parametrize(
    ("state", "before", "act", "role"),
    [
        ("submitted", [], "contact_employer", "clerk"),
        ("contacting", [("join", "employer")], "accept", "clerk"),
        (
            "terms_drafted",
            [("mark_clauses", side) for side in ("worker", "employer")],
            "send_for_signing",
            "mediator",
        ),
        (
            "awaiting_signatures",
            [("sign", side) for side in ("worker", "employer", "mediator")],
            "seal",
            "admin",
        ),
    ],
)
def test_staff_are_told_that_nobody_has_verified_the_employers_phone(
    app, transaction, state, before, act, role
):
    case = Played(app, transaction, state=state)
    for done, by in before:
        case.act(done, role=by)
    with transaction() as session:
        phone = party(session.get_one(Case, case.id), "employer").phone
    page = case.url(f"/acts/{act}")
    assert TAG in words(case.by(role).get(case.url()))
    form = case.by(role).get(page)
    assert form.status_code == 200
    assert f"单位的电话 {phone} 是申请里写的，{WARNING}" in words(form)
    assert case.url("/contacts") in links(form)
    for side in ("worker", "employer"):
        assert "还没核实" not in words(case.by(side).get(case.url()))
    known(transaction, value=phone)
    assert TAG not in words(case.by(role).get(case.url()))
    assert "还没核实" not in words(case.by(role).get(page))
