"""The page of a case and the pages of its acts: what each may see, what each may do, what is kept."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from makers import NOW, PATHS, make_staff, make_terms, path
from reading import filled, links, words
from sqlalchemy import select
from visiting import EVERYBODY, Played, browser, post

from mediation.domain.facts import BEIJING
from mediation.domain.words import vocabulary
from mediation.services import totals
from mediation.services.afterwards import make_papers
from mediation.store.cases import facts_of
from mediation.store.models import Case, Entry, Person
from mediation.web.context import visitor_of_staff

TODAY = NOW.astimezone(BEIJING).date()
LATER = (NOW.astimezone(BEIJING) + timedelta(days=5)).date().isoformat()


BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])


@pytest.fixture
def database_kind() -> str:
    """Pages are the same on both; what writes or queries in a way of its own is marked with BOTH."""
    return "sqlite"


@pytest.fixture
def played(app: Flask, transaction: Any) -> Any:
    """Make a case and hand out browsers for its people."""
    return lambda **wanted: Played(app, transaction, **wanted)


# --- who sees what -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [state for state in PATHS if state != "draft"])
def test_everybody_of_a_case_can_open_its_page_in_every_state(played: Any, state: str) -> None:
    case = played(state=state, workers=2)
    label = case.office.catalogue.newest("labour_dispute").workflow.states[state].label
    for role in EVERYBODY:
        if role == "mediator" and "assign" not in _path(state):
            continue
        answer = case.by(role).get(case.url())
        assert answer.status_code == 200
        assert label in words(answer)
        assert answer.text.count("<h1") == 1


def _path(state: str) -> tuple[str, ...]:
    return path(state)


def test_each_side_sees_only_its_own_phone(played: Any) -> None:
    case = played(state="in_meeting", workers=2)
    worker, employer = case.by("worker").get(case.url()).text, case.by("employer").get(case.url()).text
    assert "138****0000" in worker
    assert not re.search(r"13900000001|139\*\*\*\*0001|13800000001|138\*\*\*\*0001|13800000000", worker)
    assert "139****0001" in employer
    assert not re.search(r"138[0-9*]{8}|13900000001", employer)
    for role in ("mediator", "clerk", "admin"):
        body = case.by(role).get(case.url()).text
        assert {"13800000000", "13800000001", "13900000001"} <= set(re.findall(r"tel:([0-9]{11})", body))


def test_groups_of_workers_are_for_staff_only(played: Any) -> None:
    case = played(state="accepted")
    assert "农民工" in words(case.by("clerk").get(case.url()))
    for role in ("worker", "employer"):
        assert "农民工" not in words(case.by(role).get(case.url()))


def test_texts_and_their_links_are_shown_to_their_recipient_only(played: Any, office: Any) -> None:
    from mediation.services.notices import send

    case = played(state="accepted")
    with case.transaction() as session:
        send(session, office, NOW)
        keys = {one.side: one.key for one in session.get_one(Case, case.id).parties}
    for role in EVERYBODY:
        body = case.by(role).get(case.url()).text
        assert {side for side, key in keys.items() if key in body} == {role} & set(keys)


@BOTH
def test_a_foreign_case_is_not_there_for_anybody(played: Any, transaction: Any, app: Flask) -> None:
    ours, theirs = played(state="awaiting_signatures"), played(state="awaiting_signatures")
    with transaction() as session:
        other = visitor_of_staff(make_staff(session, role="mediator", name="孙调解员")).id
    strangers = [theirs.by("worker"), theirs.by("employer"), browser(app, other)]
    for client in strangers:
        for rest in ("", "/terms", "/meeting", "/agreement.pdf", "/acts/sign", "/acts/end"):
            assert client.get(ours.url(rest)).status_code == 404
        for rest in ("/meeting", "/sign/code", "/acts/sign", "/acts/end"):
            assert client.post(ours.url(rest), data={"seen": "1"}).status_code == 404


def test_nobody_without_a_login_sees_a_case(played: Any, client: FlaskClient) -> None:
    case = played(state="performing")
    for rest in ("", "/terms", "/meeting", "/agreement.pdf", "/acts/end"):
        answer = client.get(case.url(rest))
        assert (answer.status_code, answer.location) == (302, "/follow")
    assert client.get("/desk").location == "/staff"


def test_what_one_side_tells_the_office_the_other_does_not_read(played: Any) -> None:
    case = played(state="submitted", workers=2)
    case.act("ask_info", data={"note": "差一张工资条"})
    case.act("give_info", data={"note": "工资条在老家"})
    case.act("contact_employer", data={"note": "人事说周五答复"})
    case.act("join", data={"note": "只肯分期"})

    def told(role: str, seat: int = 0) -> list[str]:
        body = words(case.by(role, seat).get(case.url()))
        return [
            note for note in ("差一张工资条", "工资条在老家", "人事说周五答复", "只肯分期") if note in body
        ]

    assert told("clerk") == ["差一张工资条", "工资条在老家", "人事说周五答复", "只肯分期"]
    assert told("worker") == ["差一张工资条", "工资条在老家"]
    assert told("worker", 1) == ["差一张工资条"]
    assert told("employer") == ["人事说周五答复", "只肯分期"]


def test_a_worker_who_has_left_learns_nothing_more(played: Any) -> None:
    case = played(state="in_meeting", workers=2)
    case.act("step_out", role="worker", seat=1, data={})
    case.act("offer", role="employer", data={"amount": 4_321_00, "note": "最后一个数"})
    case.act("draft_terms", data={"terms": make_terms(workers=1, due=LATER)})
    gone, stays = case.by("worker", 1), case.by("worker", 0)
    assert "4,321.00" in words(stays.get(case.url()))
    page = words(gone.get(case.url()))
    assert "您已经退出这件案子" in page
    assert "4,321.00" not in page
    assert "最后一个数" not in page
    assert gone.get(case.url("/terms")).status_code == 404
    assert gone.get(case.url("/meeting")).status_code == 403
    assert gone.post(case.url("/meeting"), data={"body": "在", "audience": "joint"}).status_code == 403
    assert gone.get(case.url("/acts/mark_clauses")).status_code == 409
    assert gone.post(case.url("/acts/mark_clauses"), data={"seen": case.now()[1]}).status_code == 409


# --- what can be done --------------------------------------------------------------------------------


def test_the_page_offers_what_is_open_and_says_why_the_rest_is_not(played: Any) -> None:
    case = played(state="contacting")
    employer = case.by("employer").get(case.url())
    assert case.url("/acts/join") in links(employer)
    clerk = case.by("clerk").get(case.url())
    assert case.url("/acts/accept") not in links(clerk)
    assert "“受理”现在还不能办：单位还没有同意参加调解，双方都愿意才能受理。" in words(clerk)
    case.act("join")
    assert case.url("/acts/join") not in links(case.by("employer").get(case.url()))
    assert case.url("/acts/accept") in links(case.by("clerk").get(case.url()))


def test_whose_move_it_is_stands_on_the_page(played: Any) -> None:
    case = played(state="contacting")
    assert "现在轮到您" in words(case.by("employer").get(case.url()))
    assert "现在轮到：单位" in words(case.by("worker").get(case.url()))
    case.act("join")
    assert "现在轮到您" in words(case.by("clerk").get(case.url()))


def test_the_day_of_fifteen_and_the_law_stand_on_the_page(played: Any) -> None:
    case = played(state="accepted", at=NOW - timedelta(days=4))
    page = words(case.by("worker").get(case.url()))
    assert "第 4 天，一共 15 天" in page
    assert "企业劳动争议协商调解规定 第29条" in page


def test_a_case_that_ended_shows_its_end_in_place_of_the_steps(played: Any) -> None:
    page = played(state="not_agreed")
    answer = words(page.by("worker").get(page.url()))
    assert "签协议" not in answer
    assert "不是您的错" in answer
    assert "申请劳动仲裁" in answer


@pytest.mark.parametrize("state", [state for state in PATHS if state != "draft"])
def test_every_open_act_has_a_page_with_its_fields_and_its_consequence(played: Any, state: str) -> None:
    case = played(state=state, workers=2)
    revision = case.now()[1]
    for role in EVERYBODY:
        if role == "mediator" and "assign" not in _path(state):
            continue
        client = case.by(role)
        for place in [one for one in links(client.get(case.url())) if "/acts/" in one]:
            answer = client.get(place)
            assert answer.status_code == 200
            assert filled(answer)["seen"] == str(revision)
            assert answer.text.count("<h1") == 1


def test_every_act_has_its_words(office: Any) -> None:
    acts = office.catalogue.newest("labour_dispute").workflow.actions
    said = vocabulary()
    assert set(acts) <= set(said["happened"]) | {"discard"}
    people = {name for name, act in acts.items() if act.by != {"system"}}
    assert people <= set(said["done"])
    assert people - {"mark_clauses"} <= set(said["consequences"])
    states = office.catalogue.newest("labour_dispute").workflow.states
    for state in states:
        for reader in ("worker", "employer", "staff"):
            assert {state, f"{state}.{reader}"} & set(said["state_sentences"]), (state, reader)


def test_an_act_that_is_not_open_says_why_and_shows_no_form(played: Any) -> None:
    case = played(state="contacting")
    answer = case.by("clerk").get(case.url("/acts/accept"))
    assert answer.status_code == 409
    assert "双方都愿意才能受理" in words(answer)
    assert "<textarea" not in answer.text
    answer = case.by("worker").get(case.url("/acts/sign"))
    assert answer.status_code == 409
    assert "这件案子现在是“正在联系单位”" in words(answer)


@pytest.mark.parametrize(
    ("role", "action", "status"),
    [
        ("worker", "assign", 403),
        ("employer", "withdraw", 403),
        ("clerk", "seal", 403),
        ("admin", "complete", 403),
        ("worker", "begin_performing", 403),
        ("worker", "fly", 404),
        ("worker", "start", 404),
    ],
)
def test_what_a_role_may_never_do_is_refused(played: Any, role: str, action: str, status: int) -> None:
    case = played(state="performing")
    before = case.now()
    client = case.by(role)
    assert client.get(case.url(f"/acts/{action}")).status_code == status
    assert client.post(case.url(f"/acts/{action}"), data={"seen": before[1]}).status_code == status
    assert case.now() == before


@BOTH
def test_two_clicks_do_an_act_once(played: Any) -> None:
    case = played(state="in_meeting")
    client = case.by("worker")
    url = case.url("/acts/offer")
    typed = filled(client.get(url)) | {"amount": "5000", "note": "分两次也行"}
    assert client.post(url, data=typed).status_code == 302
    before = case.now()
    assert client.post(url, data=typed).status_code == 302
    assert case.now() == before
    again = client.post(url, data=typed | {"once": "another page"})
    assert again.status_code == 409
    assert "这件案子刚刚有了变化" in words(again)
    assert "劳动者办了一步。案件现在是“正在开会”，办到了第 9 步。" in words(again)
    assert case.now() == before


def test_after_a_change_by_somebody_else_what_was_typed_is_kept_and_one_more_click_does_it(
    played: Any,
) -> None:
    case = played(state="in_meeting")
    client = case.by("worker")
    url = case.url("/acts/offer")
    typed = filled(client.get(url)) | {"amount": "1.8万", "note": "房租到期了"}
    case.act("extend", role="employer")
    answer = client.post(url, data=typed)
    assert answer.status_code == 409
    assert "这件案子刚刚有了变化" in words(answer)
    kept = filled(answer)
    assert (kept["amount"], kept["note"], kept["seen"]) == ("1.8万", "房租到期了", str(case.now()[1]))
    assert client.post(url, data=kept).status_code == 302
    assert "18,000.00" in words(client.get(case.url()))


def test_a_refused_act_changes_nothing_and_says_the_sentence_of_the_chart(played: Any) -> None:
    case = played(state="accepted")
    before = case.now()
    answer = post(case.by("mediator"), case.url("/acts/convene"), for_day="2020-01-02", for_time="09:00")
    assert answer.status_code == 409
    assert "开会时间要在现在之后。" in words(answer)
    assert (filled(answer)["for_day"], filled(answer)["for_time"]) == ("2020-01-02", "09:00")
    assert case.now() == before


@pytest.mark.parametrize(
    ("state", "whose", "typed", "sentence"),
    [
        ("in_meeting", "worker offer", {"amount": ""}, "这一项还没填"),
        ("in_meeting", "worker offer", {"amount": "很多"}, "钱数只写数字，比如 18000"),
        ("in_meeting", "worker offer", {"amount": "5", "note": "长" * 2001}, "写得太长了，短一些"),
        ("accepted", "mediator convene", {"for_day": LATER}, "时间按"),
        ("accepted", "mediator convene", {"for_day": "", "for_time": "10:00"}, "时间按"),
        ("accepted", "mediator convene", {}, "这一项还没填"),
        ("accepted", "employer extend", {"until": "明年"}, "日期按"),
        ("scheduled", "mediator open_meeting", {}, "这一项还没填"),
        ("contacting", "employer decline", {}, "这一项还没填"),
        ("contacting", "employer decline", {"reason": "other"}, "这一项还没填"),
        ("contacting", "employer decline", {"reason": "gold"}, "从列出的里面选一个"),
        ("accepted", "admin assign", {"mediator": "person:999"}, "从列出的里面选一个"),
        ("accepted", "mediator refer", {"to": ""}, "这一项还没填"),
    ],
)
def test_what_cannot_be_read_is_said_and_everything_typed_is_kept(
    played: Any, state: str, whose: str, typed: dict[str, str], sentence: str
) -> None:
    case = played(state=state)
    role, action = whose.split()
    before = case.now()
    answer = post(case.by(role), case.url(f"/acts/{action}"), **typed)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "<title>错误" in answer.text
    kept = filled(answer)
    for name, value in typed.items():
        if value not in ("gold", "person:999"):
            assert kept[name] == value
    assert case.now() == before


@pytest.mark.parametrize("odd", ["\0", "9" * 5000, "\N{PILE OF POO}", "%s{0}{{7*7}}", "<script>x</script>"])
@pytest.mark.parametrize("action", ["offer", "extend", "end", "step_out"])
def test_no_input_is_our_own_fault(played: Any, action: str, odd: str) -> None:
    case = played(state="in_meeting", workers=2)
    fields = ("amount", "note", "reason", "reason_other", "until", "for_day", "payment", "duty", "seen")
    answer = case.by("worker").post(case.url(f"/acts/{action}"), data=dict.fromkeys(fields, odd))
    assert answer.status_code in (302, 409, 422)
    assert "<script>x" not in answer.text


@pytest.mark.parametrize(
    ("day", "time", "meant"),
    [(LATER, "14:30", "14:30"), (LATER.replace("-", "/"), "9：05", "09:05"), (LATER, "9点", "09:00")],
)
def test_a_time_can_be_typed_as_people_write_it(played: Any, day: str, time: str, meant: str) -> None:
    case = played(state="accepted")
    assert post(case.by("mediator"), case.url("/acts/convene"), for_day=day, for_time=time).status_code == 302
    with case.transaction() as session:
        meeting = facts_of(session.get_one(Case, case.id)).meeting
    assert meeting is not None
    assert meeting.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") == f"{LATER} {meant}"


@BOTH
def test_the_mediators_to_choose_from_are_active_and_show_their_load(played: Any, transaction: Any) -> None:
    busy = played(state="accepted")
    with transaction() as session:
        make_staff(session, name="吴调解员")
        make_staff(session, name="走了的人").active = False
    page = words(busy.by("admin").get(busy.url("/acts/assign")))
    assert "吴调解员（在办 0 件）" in page
    assert "赵调解员（在办 1 件）" in page
    assert page.index("吴调解员（在办") < page.index("赵调解员（在办")
    assert "走了的人" not in page


# --- terms -------------------------------------------------------------------------------------------


def test_terms_are_written_row_by_row_and_nothing_typed_is_lost(played: Any) -> None:
    case = played(state="in_meeting")
    client, url = case.by("mediator"), case.url("/acts/draft_terms")
    first = filled(client.get(url))
    assert (first["payments-0-head"], first["payments-0-amount"]) == ("wages", "6000.00")
    assert first["payments-1-amount"] == "120.50"
    typed = first | {"payments-0-due": LATER, "overdue": "另说"}
    more = client.post(url, data=typed | {"edit": "add_payment"})
    assert more.status_code == 200
    kept = filled(more)
    assert kept["payments-0-due"] == LATER
    assert kept["overdue"] == "另说"
    assert kept["payments-2-amount"] == ""
    less = filled(client.post(url, data=kept | {"payments-2-amount": "77", "edit": "drop_payment-1"}))
    assert less["payments-1-amount"] == "77"
    assert "payments-2-amount" not in less
    duty = filled(client.post(url, data=less | {"edit": "add_duty"}))
    assert duty["duties-0-what"] == "leave_certificate"
    suggested = client.post(url, data=duty | {"edit": "suggest"})
    assert "支付令" in filled(suggested)["overdue"]
    counted = client.post(url, data=less | {"edit": "count"})
    assert "6,077.00 元" in words(counted)
    assert "人民币陆仟零柒拾柒元整" in words(counted)
    assert case.now()[0] == "in_meeting"


def test_terms_that_cannot_be_read_are_marked_at_their_row(played: Any) -> None:
    case = played(state="in_meeting")
    client, url = case.by("mediator"), case.url("/acts/draft_terms")
    answer = post(client, url, **{"payments-0-amount": "许多", "payments-0-due": LATER})
    assert answer.status_code == 422
    assert {"#payments-0-amount", "#payments-1-due"} <= set(links(answer))
    assert filled(answer)["payments-0-amount"] == "许多"
    nothing = {"payments-0-amount": "", "payments-1-amount": ""}
    empty = post(client, url, **nothing)
    assert empty.status_code == 409
    assert "协议里至少要有一笔钱或者一件要办的事。" in words(empty)


def test_an_accepted_offer_is_what_the_draft_begins_with(played: Any) -> None:
    case = played(state="in_meeting")
    case.act("offer", role="employer", data={"amount": 550_000})
    case.act("accept_offer", role="worker", data={})
    first = filled(case.by("mediator").get(case.url("/acts/draft_terms")))
    assert first["payments-0-amount"] == "5500.00"
    assert "payments-1-amount" not in first


def test_amending_begins_with_the_terms_there_are_and_voids_signatures(played: Any) -> None:
    case = played(state="awaiting_signatures", workers=2)
    case.act("sign", role="employer")
    client, url = case.by("mediator"), case.url("/acts/amend_terms")
    first = filled(client.get(url))
    assert (first["payments-0-amount"], first["payments-3-worker"]) == ("5000.00", "1")
    assert client.post(url, data=first | {"payments-0-amount": "5100"}).status_code == 302
    with case.transaction() as session:
        facts = facts_of(session.get_one(Case, case.id))
    assert facts.state == "terms_drafted"
    assert facts.signatures == ()
    assert facts.terms is not None
    assert facts.terms.payments[0].amount == 510_000


def test_each_clause_is_marked_for_itself_and_a_change_wants_its_words(played: Any) -> None:
    case = played(state="terms_drafted")
    client, url = case.by("worker"), case.url("/acts/mark_clauses")
    page = client.get(case.url("/terms"))
    assert "人民币伍仟元整" in words(page)
    typed = filled(page)
    assert client.post(url, data=typed).status_code == 422
    answer = client.post(url, data=typed | {"mark-0": "agree", "mark-1": "change", "mark-2": "question"})
    assert answer.status_code == 422
    assert "写一句想怎么改" in words(answer)
    assert filled(answer)["mark-0"] == "agree"
    good = filled(answer) | {"note-1": "改成月底"}
    assert client.post(url, data=good).status_code == 302
    seen = words(case.by("employer").get(case.url("/terms")))
    assert "改成月底" in seen
    assert "想改" in seen
    assert "mark-0" not in case.by("mediator").get(case.url("/terms")).text


def test_marks_on_terms_that_were_changed_meanwhile_are_not_taken(played: Any) -> None:
    case = played(state="terms_drafted")
    client, url = case.by("worker"), case.url("/acts/mark_clauses")
    typed = filled(client.get(url)) | {"mark-0": "agree", "mark-1": "agree", "mark-2": "agree"}
    case.act("amend_terms")
    stale = client.post(url, data=typed)
    assert stale.status_code == 409
    assert "mark-0" not in filled(stale)
    old = client.post(url, data=typed | {"seen": case.now()[1]})
    assert old.status_code == 409
    assert "协议刚改过，看一眼新的条款再表态。" in words(old)


# --- money and paper ---------------------------------------------------------------------------------


def test_one_of_several_payments_is_reported_and_confirmed(played: Any) -> None:
    case = played(state="performing", workers=2)
    answer = post(case.by("employer"), case.url("/acts/report_payment"), amount="5000", payment="1.0")
    assert answer.status_code == 302
    assert case.by("worker", 0).get(case.url("/acts/confirm_payment")).status_code == 409
    second = case.by("worker", 1)
    assert "单位说已付 5,000.00 元" in words(second.get(case.url()))
    assert post(second, case.url("/acts/confirm_payment")).status_code == 302
    with case.transaction() as session:
        facts = facts_of(session.get_one(Case, case.id))
    assert [owed.paid for owed in facts.owed] == [0, 0, 500_000, 0]
    too_much = post(case.by("employer"), case.url("/acts/report_payment"), amount="99999", payment="0.0")
    assert too_much.status_code == 409
    assert "这笔钱比还没付的多，核对一下数目。" in words(too_much)
    assert filled(too_much)["payment"] == "0.0"


def test_a_page_opened_before_the_agreement_was_registered_still_does_its_act(played: Any) -> None:
    case = played(state="performing")
    employer, url = case.by("employer"), case.url("/acts/report_payment")
    typed = filled(employer.get(url)) | {"amount": "100", "payment": "0.0"}
    make_papers(case.transaction, case.office, NOW)
    assert case.now()[1] == int(typed["seen"]) + 1
    assert employer.post(url, data=typed).status_code == 302
    later = employer.post(url, data=typed | {"once": "another form"})
    assert later.status_code == 409, "what somebody did meanwhile must still be seen first"


def test_a_transfer_reported_twice_is_refused_however_its_number_is_typed(played: Any) -> None:
    case = played(state="performing")
    employer, url = case.by("employer"), case.url("/acts/report_payment")
    assert "银行转账的流水号" in words(employer.get(url))
    assert post(employer, url, amount="100", payment="0.0", reference="b2026 0401").status_code == 302
    before = case.now()
    twice = post(employer, url, amount="100", payment="0.0", reference="B20260401 ")
    assert twice.status_code == 409
    assert "这个流水号登记过了，同一笔转账不用再登记。" in words(twice)
    long = post(employer, url, amount="100", payment="0.0", reference="9" * 41)
    assert long.status_code == 422
    assert case.now() == before
    assert post(employer, url, amount="100", payment="0.0", reference="B20260402").status_code == 302


def test_a_payment_that_is_not_there_cannot_be_chosen(played: Any) -> None:
    case = played(state="performing", workers=2)
    for odd in ("7.0", "x", "0.9", "0", "0.0.0"):
        answer = post(case.by("employer"), case.url("/acts/report_payment"), amount="1", payment=odd)
        assert answer.status_code == 422


def test_there_is_no_agreement_before_the_seal(played: Any) -> None:
    case = played(state="awaiting_signatures")
    assert case.by("worker").get(case.url("/agreement.pdf")).status_code == 404


def test_an_agreement_that_is_still_being_printed_says_so(
    played: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mediation.web import cases

    case = played(state="performing")
    monkeypatch.setattr(cases, "settle", lambda: None)  # as if another maker held the job
    answer = case.by("worker").get(case.url("/agreement.pdf"))
    assert answer.status_code == 202
    assert "协议书正在生成" in words(answer)
    assert case.url("/agreement.pdf") in links(answer)


# --- the whole story ---------------------------------------------------------------------------------


@BOTH
def test_a_dispute_goes_from_filing_to_money_in_hand_by_pages_alone(
    played: Any, texted: Any, transaction: Any
) -> None:
    case = played(state="submitted", at=NOW - timedelta(days=1))
    worker, employer, clerk, admin = (case.by(r) for r in ("worker", "employer", "clerk", "admin"))
    with transaction() as session:
        made = make_staff(session, name="赵调解员", phone="13700000009")
        number, mediator = made.id, browser(case.app, visitor_of_staff(made).id)

    def do(client: FlaskClient, action: str, **typed: Any) -> None:
        answer = post(client, case.url(f"/acts/{action}"), **typed)
        assert (answer.status_code, answer.location) == (302, case.url()), (action, words(answer))

    do(clerk, "contact_employer", note="打了电话")
    do(employer, "join")
    do(clerk, "accept")
    do(admin, "assign", mediator=f"person:{number}")
    do(mediator, "convene", for_day=LATER, for_time="14:00")
    do(mediator, "open_meeting", present=["worker:0", "employer:0"])
    do(employer, "offer", amount="5000")
    do(worker, "counter", amount="5500")
    do(employer, "accept_offer")
    do(mediator, "draft_terms", **{"payments-0-due": LATER})
    for side in (worker, employer):
        do(side, "mark_clauses", **{"mark-0": "agree"})
    do(mediator, "send_for_signing")
    stated = {"stated": ["read", "willing", "binding"]}
    for side, phone in ((worker, "13800000000"), (employer, "13900000001"), (mediator, "13700000009")):
        page = side.get(case.url("/acts/sign"))
        sent = side.post(case.url("/sign/code"), data=filled(page) | stated)
        code = re.findall(r"验证码([0-9]{6})", texted(phone)[0])[0]
        typed = filled(sent) | stated | {"code": code}
        answer = side.post(case.url("/acts/sign"), data=typed)
        assert answer.status_code == 302, words(answer)
    with transaction() as session:
        before = totals.now(session, TODAY)
    do(admin, "seal")
    assert case.now()[0] == "performing"
    for side in (worker, employer, mediator, clerk):
        paper = side.get(case.url("/agreement.pdf"), buffered=True)
        assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
        assert paper.data.startswith(b"%PDF")
        assert "filename" in paper.headers["Content-Disposition"]
    do(employer, "report_payment", amount="5500")
    assert "单位说已付 5,500.00 元" in words(worker.get(case.url()))
    do(worker, "confirm_payment")
    assert case.now()[0] == "performed"
    assert "钱都到了" in words(worker.get(case.url()))
    with transaction() as session:
        after = totals.now(session, TODAY)
    assert after.agreed - before.agreed == 550_000
    assert after.paid - before.paid == 550_000
    do(admin, "close")
    assert case.now()[0] == "closed"
    with transaction() as session:
        log = session.scalars(
            select(Entry.action).where(Entry.case_id == case.id).order_by(Entry.number)
        ).all()
        assert session.get(Person, number) is not None
    assert log[-2:] == ["complete", "close"]
