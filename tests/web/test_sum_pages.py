"""What am I owed, on the page: every form, both languages, bad input, and nothing stored."""

import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from answering import answer
from flask.testing import FlaskClient
from reading import fields, links, title
from werkzeug.datastructures import MultiDict

from mediation import serving
from mediation.domain.calculating.kinds import FORMULAS

OVERTIME = "/calculate?kind=overtime&asked=1&wage=12000&dates=2026-10-01+8%0A2026-10-10+2"
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def database_kind() -> str:
    """Nothing here reads a database."""
    return "sqlite"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", FORMULAS)
def test_every_kind_has_a_form_that_names_what_is_missing(client: FlaskClient, kind: str, lang: str) -> None:
    assert f'value="{kind}"' in client.get(f"/calculate?lang={lang}").text
    assert client.get(f"/calculate?kind={kind}&lang={lang}").status_code == 200
    empty = client.get(f"/calculate?kind={kind}&asked=1&lang={lang}")
    assert empty.status_code == 422
    assert title(empty).startswith("错误" if lang == "zh" else "Error")
    assert len(empty.data) < 60 * 1024


def test_the_answer_tells_amount_formula_rates_and_assumptions(client: FlaskClient) -> None:
    page = client.get(OVERTIME)
    assert page.status_code == 200
    for said in (
        "1,862.07",
        "人民币壹仟捌佰陆拾贰元零柒分",
        "仅供参考",
        "劳动法第44条第3项",
        "/apply?about=overtime",
    ):
        assert said in page.text
    english = client.get(f"{OVERTIME}&lang=en").text
    assert "a reference, not a decision" in english
    main = re.sub(r'<span lang="zh-CN">.*?</span>', "", english.split("<main")[1].split("</main>")[0])
    assert not CHINESE.search(re.sub("<[^>]*>", "", main))
    assert "Set-Cookie" not in client.get(OVERTIME).headers


@pytest.mark.parametrize(
    "query",
    [
        "kind=nothing",
        "kind=",
        "colour=red",
        "kind=overtime&asked=1&wage=1&wage=2",
        "kind=overtime&asked=1&wage=8000&workday_hours=１２",
        "kind=overtime&asked=1&wage=" + "9" * 5000,
        "kind=overtime&asked=1&wage=%00&dates=%F0%9F%98%80",
        "kind=overtime&asked=1&wage=%FF%FE&colour=red",
        "kind=sick_pay&asked=1&from=1999-01-01&to=2026-01-01",
        "kind=sick_pay&asked=1&from=2010-01-01&to=2026-01-01",
        "kind=overtime&wage=8000&colour=red",
    ],
)
def test_bad_input_has_a_sentence(client: FlaskClient, query: str) -> None:
    page = client.get(f"/calculate?{query}")
    assert page.status_code == 422
    assert title(page).startswith("错误")


def test_what_was_typed_is_kept(client: FlaskClient) -> None:
    page = client.get(f"/calculate?kind=sick_pay&asked=1&from={quote('去年 <春天>')}&to=2026/1/5").text
    assert "去年 &lt;春天&gt;" in page
    assert 'value="2026/1/5"' in page


def test_home_and_the_amount_step_lead_here(client: FlaskClient) -> None:
    assert 'href="/calculate"' in client.get("/").text


def test_the_figure_goes_along_to_the_application(client: FlaskClient) -> None:
    (way,) = [link for link in links(client.get(OVERTIME)) if link.startswith("/apply?")]
    assert way == "/apply?about=overtime&owed=186207"
    start = client.get(way)
    assert "1,862.07" in start.text
    begun = client.post("/apply", data=fields(start))
    assert begun.location == "/apply/what?about=overtime"
    client.post("/apply/what", data={"what": ["overtime", "wages"]})
    page = client.get("/apply/amount")
    assert fields(page)["amount.overtime"] == "1862.07"
    assert not fields(page).get("amount.wages")


def test_a_figure_of_something_else_is_not_claimed(client: FlaskClient) -> None:
    client.post("/apply", data=fields(client.get("/apply?about=overtime&owed=186207")))
    client.post("/apply/what", data={"what": "wages"})
    assert "1862.07" not in client.get("/apply/amount").text
    answer(client, "amount", {"amount.wages": "5000"})
    assert "1,862.07" not in client.get("/apply/check").text


@pytest.mark.parametrize("owed", ["-1", "0", "1e9", "9" * 5000, "１２", "<b>", "", "999999999999999"])
def test_a_figure_that_is_none_is_left_out_of_the_page_and_refused_in_a_form(
    client: FlaskClient, owed: str
) -> None:
    start = client.get("/apply", query_string={"about": "overtime", "owed": owed})
    assert start.status_code == 200
    assert "owed" not in fields(start)
    # A hidden field that says what no page gave it was typed by a program.
    sent = client.post("/apply", data={"about": "overtime", "owed": owed})
    assert sent.status_code == 422
    assert title(sent).startswith("错误")
    assert client.post("/apply", data=fields(start)).status_code == 302


def days(count: int, line: str = "%Y-%m-%d 2.5") -> str:
    first = date(2025, 1, 1)
    return "\r\n".join((first + timedelta(days=n)).strftime(line) for n in range(count))


def test_a_year_of_overtime_has_its_answer_at_an_address_that_servers_read(client: FlaskClient) -> None:
    form = client.get("/calculate?kind=overtime").text
    assert re.search('<form method="post" action="/calculate"', form)
    typed = {"kind": "overtime", "asked": "1", "wage": "12000", "dates": days(365)}
    sent = client.post("/calculate", data=typed)
    assert sent.status_code == 302
    assert len(f"GET {sent.location} HTTP/1.1") < serving.limit_request_line
    assert "人民币" in client.get(sent.location).text


def test_more_days_than_an_address_holds_are_said_and_kept(client: FlaskClient) -> None:
    typed = {"kind": "overtime", "asked": "1", "wage": "12000", "dates": days(400, "%Y年%m月%d日 2.5")}
    page = client.post("/calculate", data=typed)
    assert page.status_code == 422
    assert page.text.count("一次算不了这么多天。分两次算，再把钱数加起来") == 2
    assert fields(page)["wage"] == "12000"
    assert "2026年01月01日" in page.text
    assert client.post("/calculate", data={"kind": "x" * 9000}).status_code == 422
    assert client.post("/calculate", data={"kind": "sick_pay", "from": "x" * 9000}).status_code == 422


def test_a_field_twice_is_said_wherever_it_came_from(client: FlaskClient) -> None:
    sent = client.post("/calculate", data=MultiDict([("kind", "overtime"), ("wage", "1"), ("wage", "2")]))
    assert client.get(sent.location).status_code == 422
