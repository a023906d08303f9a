"""What everybody may see: the office, its figures, and whether a paper is one of ours."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from makers import MONDAY, act, make_case
from reading import fields, links, title, words
from sqlalchemy import select

from mediation.services import papers
from mediation.services.afterwards import settle
from mediation.services.offices import Office
from mediation.services.opening import make_ready
from mediation.services.publishing import FEW, by_head, by_month, by_subdistrict
from mediation.services.totals import now as totals_now
from mediation.store.models import Paper, SentMessage

DAY = (MONDAY + timedelta(days=40)).date()


@pytest.fixture
def database_kind() -> str:
    """The pages are the same on both; the figures have tests of their own below."""
    return "sqlite"


@pytest.fixture
def opened(transaction: Any) -> None:
    """The books with the published figures in them."""
    make_ready(transaction, MONDAY)


@pytest.fixture
def sealed(transaction: Any, office: Office, opened: None) -> Paper:
    """The registered agreement of a sealed case."""
    with transaction() as session:
        make_case(session, office, state="performing")
    settle(transaction, office, MONDAY)
    with transaction() as session:
        paper = session.scalars(select(Paper)).one()
        session.expunge(paper)
    return paper


# --- home --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("opened")
def test_home_says_what_we_do_and_opens_the_doors(client: FlaskClient, office: Office) -> None:
    page = client.get("/")
    said = words(page)
    assert page.status_code == 200
    assert "老板欠工资、 被辞退？ 工会帮您谈。" in said
    assert "现在手上什么材料都没有也行。" in said
    doors = {"/apply", "/apply?about=wages", "/apply?about=dismissal", "/follow", "/answer", "/totals", "/v"}
    assert doors <= set(links(page))
    assert f"tel:{office.organisation.phone}" in links(page)
    assert "5,674" in said
    assert "17,000.00 万元" in said
    assert office.organisation.name in said


@pytest.mark.parametrize("path", ["/", "/apply", "/follow", "/totals", "/v"])
def test_the_large_letters_are_kept_on_this_phone(client: FlaskClient, path: str) -> None:
    assert 'data-size="n"' in client.get(path).text
    assert 'data-size="l"' in client.get(f"{path}?size=l").text
    assert 'data-size="l"' in client.get(path).text
    assert 'data-size="n"' in client.get(f"{path}?size=n").text


@pytest.mark.parametrize("path", ["/", "/apply", "/totals", "/v", "/v/AAAA-AAAA"])
def test_every_page_has_one_heading_and_may_run_no_script(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert len(re.findall(r"<h1\b", page.text)) == 1
    assert "<script" not in page.text
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_every_field_has_a_label(client: FlaskClient) -> None:
    for path in ("/follow", "/answer", "/staff", "/v"):
        page = client.get(path).text.partition("<main")[2]
        shown = re.findall(
            r'<(?:input|select|textarea)\b(?![^>]*type="(?:hidden|radio)")[^>]*\bid="([^"]+)"', page
        )
        assert shown
        assert [field for field in shown if f'for="{field}"' not in page] == []


# --- totals ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("opened")
def test_the_totals_start_with_what_was_published(client: FlaskClient) -> None:
    said = words(client.get("/totals"))
    assert "谈成的案件 5,674 件" in said
    assert "帮劳动者追回 17,000.00 万元" in said
    assert "2022 年公布的 5,674 件，加上之后签了协议、盖了章的 0 件" in said
    assert "各街道都还不到 5 件" in said
    assert said.count("少于 5 件，不写") == 17
    assert "签下第一份协议后，这里会有数。" in said


def _settled(session: Any, office: Office, how_many: int, place: str = "110101005") -> None:
    from makers import make_filing

    for _ in range(how_many):
        make_case(session, office, state="performed", filing=make_filing(subdistrict=place))


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
@pytest.mark.usefixtures("opened")
def test_few_cases_are_not_shown_and_none_can_be_found_by_subtraction(
    transaction: Any, office: Office
) -> None:
    with transaction() as session:
        _settled(session, office, FEW)
        _settled(session, office, FEW - 1, "110101001")
        totals = totals_now(session, DAY)
        places = {row.key: row for row in by_subdistrict(totals)}
        assert places["110101005"].shown
        assert places["110101005"].cases == FEW
        assert places["110101005"].paid == FEW * 5_086_00
        assert not places["110101001"].shown
        assert [row.shown for row in by_head(session, totals)] == [True, True]
        assert [row.shown for row in by_month(totals)] == [True]


@pytest.mark.usefixtures("opened")
def test_one_hidden_row_takes_the_smallest_shown_one_with_it(transaction: Any, office: Office) -> None:
    from mediation.services.publishing import Row, _not_one_alone

    def rows(*cases: int) -> list[Row]:
        return [Row(str(n), n, 0, shown=n >= FEW) for n in cases]

    assert [row.cases for row in _not_one_alone(rows(9, 2, 7, 5)) if row.shown] == [9, 7]
    assert [row.cases for row in _not_one_alone(rows(9, 2, 3, 5)) if row.shown] == [9, 5]
    assert [row.cases for row in _not_one_alone(rows(9, 5)) if row.shown] == [9, 5]
    assert [row.cases for row in _not_one_alone(rows(2)) if row.shown] == []


@pytest.mark.usefixtures("opened")
def test_what_is_agreed_stands_beside_what_was_paid_and_is_not_added(
    client: FlaskClient, transaction: Any, office: Office
) -> None:
    with transaction() as session:
        case = make_case(session, office, state="performing")
    said = words(client.get("/totals"))
    assert "谈成的案件 5,675 件" in said
    assert "帮劳动者追回 17,000.00 万元" in said
    assert "协议里说好要给的一共 0.51 万元" in said
    with transaction() as session:
        case = session.merge(case)
        for name in ("report_payment", "confirm_payment"):
            act(session, office, case, name)
    assert "帮劳动者追回 17,000.51 万元" in words(client.get("/totals"))


# --- is it one of ours? ------------------------------------------------------------------------------


def test_a_check_code_leads_to_its_own_address(client: FlaskClient) -> None:
    assert client.post("/v", data={"code": " 7k3m-92qd "}).location == "/v/7k3m-92qd"


def test_a_registered_code_shows_number_and_date_and_nothing_else(client: FlaskClient, sealed: Paper) -> None:
    for code in (sealed.check_code, sealed.check_code.lower().replace("-", "")):
        page = client.get(f"/v/{code}")
        said = words(page)
        assert page.status_code == 200
        assert "有这份劳动争议调解协议书" in said
        assert sealed.number in said
        for secret in ("钟某", "某制衣公司", "5,086", "5,000", "13800000000", "干了三个月"):
            assert secret not in page.text


@pytest.mark.parametrize(
    ("state", "acts", "kind", "in_english"),
    [
        ("rejected", (), "不予受理通知书", "Notice of refusal"),
        (
            "contacting",
            ("certify_no_answer",),
            "单位未答复证明书",
            "Certificate that the employer did not answer",
        ),
    ],
)
def test_each_paper_is_called_by_its_own_name(
    client: FlaskClient, transaction: Any, office: Office, state: str, acts: Any, kind: str, in_english: str
) -> None:
    late = MONDAY + timedelta(days=20)
    with transaction() as session:
        case = make_case(session, office, state=state)
        for name in acts:
            act(session, office, case, name, role="worker", at=late)
    settle(transaction, office, late)
    with transaction() as session:
        paper = session.scalars(select(Paper)).one()
        code, pdf = paper.check_code, papers.path(office, paper.sha256).read_bytes()
    assert f"有这份{kind}" in words(client.get(f"/v/{code}"))
    by_file = words(upload(client, pdf))
    assert "是真的" in by_file
    assert kind in by_file
    assert "协议" not in by_file.replace("协议书、证明", "")
    english = words(client.get(f"/v/{code}?lang=en"))
    assert in_english in english
    assert "钟某" not in english


def test_an_unknown_code_is_not_found(client: FlaskClient) -> None:
    page = client.get("/v/AAAA-AAAA")
    assert page.status_code == 404
    assert "没有这个校验码：AAAA-AAAA" in words(page)


@pytest.mark.parametrize("code", ["%00", "x" * 3000, "%F0%9F%92%A9", "%ED%A0%80", "'--", "<b>", "ß"])
def test_odd_codes_are_unknown_too(client: FlaskClient, code: str) -> None:
    page = client.get(f"/v/{code}")
    assert page.status_code == 404
    assert "<b>" not in page.text.partition("<main")[2].replace("<b>0 ", "")


@pytest.mark.parametrize("typed", ["", "   ", "\N{PILE OF POO}", "\0"])
def test_no_code_and_no_file_is_said(client: FlaskClient, typed: str) -> None:
    page = client.post("/v", data={"code": typed})
    assert page.status_code == 422
    assert title(page).startswith("错误：")
    assert words(page).count("写上校验码，或者选一个文件") == 2


def upload(client: FlaskClient, content: bytes) -> Any:
    return client.post("/v", data={"file": (io.BytesIO(content), "协议.pdf")})


def test_a_file_is_ours_changed_or_unknown(client: FlaskClient, office: Office, sealed: Paper) -> None:
    pdf = papers.path(office, sealed.sha256).read_bytes()
    ours = words(upload(client, pdf))
    assert "是真的，一个字没改过" in ours
    assert sealed.number in ours
    changed = words(upload(client, pdf.replace(b"/Title", b"/Tytle", 1) + b"\n% more"))
    assert "这个文件被改过" in changed
    assert sealed.number not in changed
    assert "这个文件不是我们登记的" in words(upload(client, b"%PDF-1.7\nnothing"))


@pytest.mark.parametrize(
    "content", [b"\0" * 1000, b"%PDF-" + bytes(range(256)) * 50, b"\xff\xd8\xff\xe0 a photo"]
)
def test_any_bytes_get_an_answer_where_nothing_was_ever_sealed(client: FlaskClient, content: bytes) -> None:
    answer = upload(client, content)
    assert answer.status_code == 200
    assert "这个文件不是我们登记的" in words(answer)


def test_a_file_too_large_is_said_as_a_page(client: FlaskClient) -> None:
    body = io.BytesIO(b"x" * (5 * 1024 * 1024))
    answer = client.post("/v", input_stream=body, content_type="multipart/form-data; boundary=x",
                         content_length=5 * 1024 * 1024)  # fmt: skip
    assert answer.status_code == 413
    assert "别的 4 MB" in words(answer)


# --- the inbox ---------------------------------------------------------------------------------------


def test_the_inbox_is_not_there_unless_asked_for(client: FlaskClient) -> None:
    assert client.get("/inbox").status_code == 404


class TestInbox:
    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"SHOW_INBOX": True}

    def test_it_says_what_will_be_here(self, client: FlaskClient) -> None:
        assert "还没有发过短信" in words(client.get("/inbox"))

    def test_it_shows_the_newest_hundred_with_links_into_this_server(
        self, client: FlaskClient, transaction: Any, office: Office
    ) -> None:
        own = office.organisation.public_url
        with transaction() as session:
            for number in range(101):
                body = f"第{number:03d}条：{own}/k/key-{number} 或 http://evil.example/x <b>"
                session.add(SentMessage(phone="13800000000", body=body, at=MONDAY))
                session.flush()
        page = client.get("/inbox")
        assert "第100条" in page.text
        assert "第001条" in page.text
        assert "第000条" not in page.text
        assert page.text.index("第100条") < page.text.index("第099条")
        assert "/k/key-100" in links(page)
        assert not [link for link in links(page) if "evil" in link]
        assert "&lt;b&gt;" in page.text

    def test_the_page_for_the_code_leads_there(self, client: FlaskClient) -> None:
        client.post("/answer", data=fields(client.get("/answer")) | {"number": "2026-1"})
        assert "/inbox" in links(client.get("/code"))
