"""The worker's application for arbitration: who is offered it when, who may open it, what it says of whom."""

import json
import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from makers import MONDAY, NAMES, NOW, PATHS, make_application, make_staff
from reading import links, words
from sqlalchemy import select
from visiting import EVERYBODY, Played, _visitor, browser
from werkzeug.test import TestResponse

from mediation.domain.filing import read as read_filing
from mediation.services.playing import play
from mediation.services.waking import wake
from mediation.store.models import Case, Job, Paper
from mediation.web.context import visitor_of_staff

FILED = [state for state in PATHS if state != "draft"]
ENDED = ("breached", "referred", "not_agreed", "rejected", "withdrawn", "closed")
KEPT = ("performing", "performed")
STAFF = ("mediator", "clerk", "admin")
COURT = json.loads((Path(__file__).parents[1] / "dossiers" / "court_wage_note.json").read_text("utf-8"))


@pytest.fixture
def database_kind() -> str:
    """Pages are the same on both."""
    return "sqlite"


@pytest.fixture
def played(app: Flask, transaction: Any) -> Any:
    """Make a case and hand out browsers for its people."""
    return lambda **wanted: Played(app, transaction, **wanted)


@pytest.fixture
def later(app: Flask) -> Any:
    """What the pages take for now is so many days after the filing."""

    def put(days: int) -> None:
        app.extensions["clock"] = lambda: MONDAY + timedelta(days=days)

    return put


def text(answer: TestResponse) -> str:
    """What the paper says, without spaces."""
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    done = subprocess.run(["pdftotext", "-", "-"], input=answer.data, capture_output=True, check=True)
    return re.sub(r"\s+", "", done.stdout.decode())


def offered(answer: TestResponse) -> list[str]:
    return [link for link in links(answer) if "/arbitration.pdf" in link]


# --- when --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", FILED)
def test_the_page_offers_it_exactly_where_it_is_there(
    played: Any, later: Any, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mediation.web import arbitration

    monkeypatch.setattr(arbitration, "render", lambda _paper: b"%PDF")
    case = played(state=state, workers=2)
    worker = case.by("worker")
    for days in (15, 16):
        later(days)
        there = state in ENDED or (days == 16 and state not in KEPT)
        assert offered(worker.get(case.url())) == ([case.url("/arbitration.pdf")] if there else [])
        assert worker.get(case.url("/arbitration.pdf")).status_code == (200 if there else 404)


def test_what_the_system_has_opened_is_there(played: Any) -> None:
    case = played(state="contacting")
    assert case.by("worker").get(case.url("/arbitration.pdf")).status_code == 404
    assert wake(case.transaction, case.office, MONDAY + timedelta(days=16)).done
    assert "十五日内，双方未达成调解协议" in text(case.by("worker").get(case.url("/arbitration.pdf")))


def test_it_stands_right_under_the_head_of_the_workers_page(played: Any) -> None:
    case = played(state="not_agreed")
    page = case.by("worker").get(case.url()).text
    head, entry, steps = (page.index(part) for part in ("</header>", "/arbitration.pdf", '<ol class="steps"'))
    assert page.index("</h1>") < entry < steps
    assert "申请书替您填好了" in page
    assert head < entry


def test_it_does_not_push_itself_before_the_next_step_of_a_case_that_goes_on(played: Any, later: Any) -> None:
    going, ended = played(state="in_meeting"), played(state="not_agreed")
    later(16)
    button = re.compile(r'<a class="btn( sec)?" href="[^"]*arbitration.pdf"')
    assert [button.search(case.by("worker").get(case.url()).text)[1] for case in (going, ended)] == [
        " sec",
        None,
    ]


@pytest.mark.parametrize("acts", [5, 12, len(COURT["acts"])])
def test_a_courts_case_has_none(app: Flask, transaction: Any, office: Any, later: Any, acts: int) -> None:
    case_id = play(transaction, office, {**COURT, "acts": COURT["acts"][:acts]})
    app.extensions["clock"] = lambda: NOW + timedelta(days=400)
    for role in ("worker", "clerk"):
        with transaction() as session:
            case = session.get_one(Case, case_id)
            url, client = f"/cases/{case.ref}", browser(app, _visitor(session, case, role, 0))
        assert offered(client.get(url)) == []
        assert client.get(f"{url}/arbitration.pdf").status_code == 404


# --- who ---------------------------------------------------------------------------------------------


def test_each_worker_has_his_own_and_nobody_elses(played: Any) -> None:
    case = played(state="not_agreed", workers=7)
    for seat, other in ((0, 6), (6, 0)):
        client = case.by("worker", seat)
        assert offered(client.get(case.url())) == [case.url("/arbitration.pdf")]
        paper = text(client.get(case.url("/arbitration.pdf")))
        assert f"姓名：{NAMES[seat]}" in paper
        assert not [name for name in NAMES if name != NAMES[seat] and name in paper]
        assert set(re.findall(r"1[3-9][0-9]{9}", paper)) == {f"1380000000{seat}"}
        assert paper.count("工资：被申请人支付") == 1
        assert client.get(case.url(f"/arbitration.pdf?worker={seat}")).status_code == 200
        assert client.get(case.url(f"/arbitration.pdf?worker={other}")).status_code == 404


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("seat", [None, 0, 1])
def test_the_worker_and_staff_may_have_it_the_employer_may_not(
    played: Any, role: str, seat: int | None
) -> None:
    case = played(state="not_agreed", workers=2)
    asked = "" if seat is None else f"?worker={seat}"
    answer = case.by(role).get(case.url(f"/arbitration.pdf{asked}"))
    allowed = role in STAFF or (role == "worker" and seat in (None, 0))
    assert answer.status_code == (200 if allowed else 404)
    if allowed:
        assert f"姓名：{'罗某' if seat == 1 else '钟某'}" in text(answer)


@pytest.mark.parametrize("role", STAFF)
def test_staff_have_a_link_for_each_worker(played: Any, role: str) -> None:
    case = played(state="not_agreed", workers=3)
    page = case.by(role).get(case.url())
    assert offered(page) == [case.url(f"/arbitration.pdf?worker={seat}") for seat in range(3)]
    assert "替劳动者打印劳动人事争议仲裁申请书：" in words(page)
    assert offered(case.by("employer").get(case.url())) == []


@pytest.mark.parametrize("odd", ["2", "-1", "99999999999999999999"])
def test_a_seat_that_is_not_there_is_not_there(played: Any, odd: str) -> None:
    case = played(state="not_agreed", workers=2)
    assert case.by("clerk").get(case.url(f"/arbitration.pdf?worker={odd}")).status_code == 404


def test_strangers_find_nothing(played: Any, app: Flask, transaction: Any, client: FlaskClient) -> None:
    ours, theirs = played(state="not_agreed"), played(state="not_agreed")
    with transaction() as session:
        other = visitor_of_staff(make_staff(session, role="mediator", name="孙调解员")).id
    for stranger in (theirs.by("worker"), theirs.by("employer"), browser(app, other)):
        assert stranger.get(ours.url("/arbitration.pdf")).status_code == 404
        assert stranger.get(ours.url("/arbitration.pdf?worker=0")).status_code == 404
    answer = client.get(ours.url("/arbitration.pdf"))
    assert (answer.status_code, answer.location) == (302, "/follow")


# --- what --------------------------------------------------------------------------------------------


def test_it_says_what_the_case_knows(played: Any) -> None:
    case = played(state="not_agreed")
    answer = case.by("worker").get(case.url("/arbitration.pdf"))
    paper = text(answer)
    for said in (
        "某制衣公司",
        "1．工资：被申请人支付¥6,000.00元（大写：人民币陆仟元整），所属期间：2025年11月1日至2026年1月31日。",
        "2．报销费用：被申请人支付¥120.50元",
        "干了三个月，工资没发。",
        "申请人于2026年3月2日就上述争议向北京市东城区劳动争议联合调解中心申请调解",
        "2026年3月2日，调解结束（原因：差距太大），双方未达成调解协议。",
        "此致北京市东城区劳动人事争议仲裁委员会",
        "重新算的这一年到2027年3月2日为止",
    ):
        assert said in paper
    assert "no-store" in answer.headers["Cache-Control"]
    assert "filename" in answer.headers["Content-Disposition"]


def test_nothing_is_kept_of_it(played: Any, transaction: Any) -> None:
    case = played(state="not_agreed")
    before = case.now()
    assert case.by("worker").get(case.url("/arbitration.pdf")).status_code == 200
    assert case.now() == before
    with transaction() as session:
        assert session.scalars(select(Paper)).all() == []
        assert session.scalars(select(Job)).all() == []


def test_who_left_the_others_has_his_at_once_and_learns_nothing_more(played: Any) -> None:
    case = played(state="in_meeting", workers=2)
    case.act("step_out", role="worker", seat=1, data={}, at=MONDAY + timedelta(days=1))
    case.act("end", role="mediator", data={"reason": "refuses_to_sign"}, at=MONDAY + timedelta(days=3))
    paper = text(case.by("worker", 1).get(case.url("/arbitration.pdf")))
    assert "2026年3月3日，申请人退出调解，双方未达成调解协议。" in paper
    assert "不肯签字" not in paper
    assert "2026年3月5日" not in paper
    assert "重新算的这一年" not in paper
    for_the_first = text(case.by("clerk").get(case.url("/arbitration.pdf?worker=0")))
    assert "2026年3月5日，调解结束（原因：不肯签字）" in for_the_first


def test_who_left_before_the_others_agreed_is_the_only_one_to_have_it(played: Any) -> None:
    case = played(state="in_meeting", workers=2)
    case.act("step_out", role="worker", seat=1, data={})
    assert offered(case.by("worker", 0).get(case.url())) == []
    assert case.by("worker", 0).get(case.url("/arbitration.pdf")).status_code == 404
    assert offered(case.by("clerk").get(case.url())) == [case.url("/arbitration.pdf?worker=1")]
    assert "2．报销费用" in text(case.by("worker", 1).get(case.url("/arbitration.pdf")))


def test_after_a_breach_it_asks_for_what_was_promised(played: Any, later: Any) -> None:
    case = played(state="breached")
    case.act("arbitrate", role="worker", data={})
    assert case.now()[0] == "referred"
    later(90)
    paper = text(case.by("worker").get(case.url("/arbitration.pdf")))
    assert (
        "1．工资：被申请人支付¥5,000.00元（大写：人民币伍仟元整），系调解协议约定于2026年4月1日前付清"
        in paper
    )
    assert "3．按照调解协议办理：出具证明之1。（约定2026年4月1日前办理，至今未办理。）" in paper
    assert "双方于2026年3月2日达成的调解协议已经生效" in paper
    assert "6,000.00" not in paper


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("rejected", "该组织决定不予受理（原因：不属于劳动争议调解范围）"),
        ("withdrawn", "申请人撤回调解申请，双方"),
        ("referred", "该组织结束调解，转由其他机构处理，双方"),
        ("closed", "该组织决定不予受理（原因：不属于劳动争议调解范围）"),
    ],
)
def test_it_says_how_the_mediation_ended(played: Any, state: str, said: str) -> None:
    case = played(state=state)
    assert f"2026年3月2日，{said}" in text(case.by("worker").get(case.url("/arbitration.pdf")))


def test_what_was_typed_into_the_case_is_text(played: Any) -> None:
    typed = "<script>alert(1)</script> ${7*7} {{7*7}} \U0001f621"
    filing = read_filing(make_application(story=typed, category="relationship"))
    case = played(state="not_agreed", filing=filing)
    paper = text(case.by("worker").get(case.url("/arbitration.pdf")))
    assert "<script>alert(1)</script>${7*7}{{7*7}}□" in paper
    assert "1．确认申请人与被申请人自" in paper


class TestAnotherDistrict:
    """The commission is configured, never assumed."""

    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"ARBITRATION_COMMISSION": "北京市示范区劳动人事争议仲裁委员会"}

    def test_the_paper_is_addressed_to_the_configured_commission(self, played: Any) -> None:
        case = played(state="not_agreed")
        paper = text(case.by("worker").get(case.url("/arbitration.pdf")))
        assert "此致北京市示范区劳动人事争议仲裁委员会" in paper
        assert "东城区劳动人事争议仲裁委员会" not in paper
