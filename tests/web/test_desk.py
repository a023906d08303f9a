"""The desk: each member of staff sees the work that is his, the most urgent first."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from makers import NOW, act, make_application, make_case, make_staff
from reading import links, words
from sqlalchemy import select
from visiting import browser

from mediation.domain.filing import read
from mediation.services.afterwards import settle
from mediation.services.notices import short
from mediation.store.cases import party
from mediation.store.models import Case
from mediation.web.context import visitor_of_party, visitor_of_staff


@pytest.fixture
def staffed(app: Flask, transaction: Any) -> dict[str, FlaskClient]:
    """A browser for each member of staff; there are two mediators."""
    names = {"clerk": "李受理员", "mediator": "赵调解员", "admin": "王管理员"}
    with transaction() as session:
        found = {
            role: browser(app, visitor_of_staff(make_staff(session, role=role, name=name)).id)
            for role, name in names.items()
        }
        found["other"] = browser(app, visitor_of_staff(make_staff(session, name="孙调解员")).id)
    return found


@pytest.fixture
def make(transaction: Any, office: Any) -> Any:
    """Make a case and say its short number and its address."""

    def made(state: str, *, days: int = 1, **wanted: Any) -> tuple[str, str]:
        with transaction() as session:
            case = make_case(session, office, state=state, at=NOW - timedelta(days=days), **wanted)
            return short(case.number), f"/cases/{case.ref}"

    return made


def test_each_sees_the_cases_that_wait_for_him(
    staffed: Any, make: Any, transaction: Any, office: Any
) -> None:
    mine = {
        "clerk": {make(state)[0] for state in ("submitted", "needs_info", "contacting")},
        "mediator": {make(state)[0] for state in ("accepted", "in_meeting", "performing")},
        "admin": {make(state)[0] for state in ("not_agreed", "rejected", "performed")},
    }
    with transaction() as session:
        case = make_case(session, office, state="contacting", at=NOW)
        for action in ("join", "accept"):
            act(session, office, case, action)
        mine["admin"].add(short(case.number))
        case = make_case(session, office, state="awaiting_signatures", at=NOW)
        mine["mediator"].add(short(case.number))
        for role in ("worker", "employer", "mediator"):
            act(session, office, case, "sign", role=role)
        mine["admin"].add(short(case.number))
    everything = set().union(*mine.values())
    for role, numbers in mine.items():
        page = words(staffed[role].get("/desk"))
        assert {number for number in everything if number in page} == numbers


def test_another_mediators_cases_are_not_on_the_desk_and_not_found(staffed: Any, make: Any) -> None:
    number, place = make("in_meeting")
    other = staffed["other"]
    assert number not in words(other.get("/desk"))
    assert "现在没有等您办的案子" in words(other.get("/desk"))
    for asked in (number, "钟某", "制衣", "13800000000"):
        assert place not in links(other.get(f"/desk/find?q={asked}"))
        assert place in links(staffed["mediator"].get(f"/desk/find?q={asked}"))


def test_cases_are_grouped_by_when_they_are_due(staffed: Any, make: Any) -> None:
    late, _ = make("submitted", days=20)
    fresh, _ = make("accepted", days=0)
    clerk = words(staffed["clerk"].get("/desk"))
    assert "逾期（1）" in clerk
    assert clerk.index("逾期（1）") < clerk.index(late)
    mediator = words(staffed["mediator"].get("/desk"))
    assert "以后（1）" in mediator
    assert mediator.index("以后（1）") < mediator.index(fresh)
    assert "逾期（" not in mediator


def test_the_desk_says_what_is_to_be_tried_next_until_it_was(
    staffed: Any, make: Any, transaction: Any, office: Any
) -> None:
    _, place = make("contacting")
    settle(transaction, office, NOW)
    clerk = staffed["clerk"]
    assert "第 1 个工作日 2026年3月3日（周二）：给单位打电话 今天做" in words(clerk.get("/desk"))
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        act(session, office, case, "log_attempt", at=NOW, data={"way": "call", "outcome": "no_reply"})
    desk = words(clerk.get("/desk"))
    assert "给单位打电话" not in desk
    assert "第 3 个工作日 2026年3月5日（周四）：再发一次短信，或者找单位的另一个人 还没到" in desk
    page = words(clerk.get(place))
    assert "给单位打电话 做了" in page
    assert "打电话：没人接、没人应" in page


def test_the_worker_reads_each_attempt_and_what_comes_next_and_the_employer_neither(
    app: Flask, make: Any, transaction: Any, office: Any
) -> None:
    _, place = make("contacting")
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        act(session, office, case, "log_attempt", at=NOW, data={"way": "call", "outcome": "no_reply"})
        worker, employer = (visitor_of_party(party(case, side)).id for side in ("worker", "employer"))
    page = words(browser(app, worker).get(place))
    assert "2026年3月3日（周二） 打电话：没人接、没人应" in page
    assert "我们接着：2026年3月5日（周四） 再发一次短信" in page
    assert "2026年3月9日（周一） 寄信或者上门。" in page
    assert "该做没做" not in page
    assert "没人接" not in words(browser(app, employer).get(place))


def test_a_right_that_lapsed_is_no_delay_of_ours_but_late_money_is(staffed: Any, make: Any) -> None:
    from makers import make_terms

    make("performing", days=60, terms=make_terms(due=(NOW + timedelta(days=30)).date().isoformat()))
    assert "逾期（" not in words(staffed["mediator"].get("/desk"))
    make("performing", days=60)
    assert "逾期（1）" in words(staffed["mediator"].get("/desk"))


def test_a_line_names_both_sides_what_is_next_and_leads_there(staffed: Any, make: Any) -> None:
    _, place = make("submitted")
    answer = staffed["clerk"].get("/desk")
    assert {place, f"{place}/acts/contact_employer"} <= set(links(answer))
    assert "某制衣公司" in words(answer)
    assert answer.text.count("<table") == 1
    group = make("accepted", workers=3)
    assert "钟某 +2" in words(staffed["mediator"].get("/desk"))
    assert group[1] in links(staffed["mediator"].get("/desk"))


def test_an_empty_desk_says_what_will_come(staffed: Any) -> None:
    assert "有新的申请" in words(staffed["clerk"].get("/desk"))
    assert "指派给您" in words(staffed["mediator"].get("/desk"))
    assert "等盖章" in words(staffed["admin"].get("/desk"))


@pytest.mark.parametrize("role", ["worker", "employer"])
def test_parties_have_no_desk(app: Flask, transaction: Any, role: str) -> None:
    from visiting import Played

    client = Played(app, transaction, state="accepted").by(role)
    assert client.get("/desk").status_code == 403
    assert client.get("/desk/find?q=1").status_code == 403


@pytest.mark.parametrize("asked", ["{number}", "{full}", "周某", "物业", "1390013", "４", ""])
def test_a_case_is_found_by_number_name_or_phone(
    staffed: Any, transaction: Any, office: Any, asked: str
) -> None:
    people = [{"name": "周某", "phone": "13900139000", "group": None, "claims": [{"head": "wages"}]}]
    employer = {"name": "某物业公司", "uscc": None, "contact": None, "phone": ""}
    with transaction() as session:
        make_case(session, office, state="submitted", at=NOW)
        case = make_case(
            session, office, state="submitted", at=NOW, filing=_filing(workers=people, employer=employer)
        )
        place, number, full = f"/cases/{case.ref}", short(case.number), case.number
    found = links(
        staffed["clerk"].get("/desk/find", query_string={"q": asked.format(number=number, full=full)})
    )
    cases = {link for link in found if link.startswith("/cases/") and "/acts/" not in link}
    assert cases == ({place} if asked not in ("４", "") else set())


def test_many_against_one_employer_are_seen_before_they_are_a_collective_case(
    staffed: Any, transaction: Any, office: Any
) -> None:
    def apply(name: str, phones: range, days: int) -> None:
        filing = make_application(workers=len(phones))
        filing["employer"]["name"] = name
        for one, phone in zip(filing["workers"], phones, strict=True):
            one["phone"] = str(phone)
        with transaction() as session:
            make_case(session, office, state="submitted", at=NOW - timedelta(days=days), filing=read(filing))

    def warned(role: str) -> str:
        found = re.search(
            r'<section[^>]*"crowds">(.*?)</section>', staffed[role].get("/desk").text, re.DOTALL
        )
        return " ".join(re.sub("<[^>]*>", " ", found[1]).split()) if found else ""

    apply("某快餐店", range(13800000000, 13800000006), 1)
    apply("某快餐店", range(13800000006, 13800000009), 20)
    apply("某快餐店", range(13800000000, 13800000002), 2)
    apply("某快餐店", range(13800000020, 13800000029), 31)
    apply("单位名称待查", range(13800000030, 13800000045), 1)
    assert warned("clerk") == "", "nine, two of them twice, and what is long ago"
    apply("某快餐店", range(13800000009, 13800000010), 3)
    for role in ("clerk", "admin"):
        assert "某快餐店 ：10 位劳动者，4 件" in warned(role)
    assert warned("mediator") == ""
    assert "/desk/find?q=%E6%9F%90" in staffed["clerk"].get("/desk").text


def _filing(**changes: Any) -> Any:
    from makers import make_application

    from mediation.domain.filing import read

    return read({**make_application(), **changes})


@pytest.mark.parametrize("odd", ["%", "_", "\0", "'", '" or 1=1', "9" * 5000, "2026-" + "9" * 80, "\\"])
def test_no_search_is_our_own_fault_and_wildcards_mean_themselves(staffed: Any, make: Any, odd: str) -> None:
    _, place = make("submitted")
    answer = staffed["clerk"].get("/desk/find", query_string={"q": odd})
    assert answer.status_code == 200
    assert place not in links(answer)
