"""Am I in the right place, on the page: every way to its end, the language, and odd addresses."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from reading import ids, links, title, words
from werkzeug.test import TestResponse

from mediation.app import create_app
from mediation.domain import place_rules
from mediation.domain.place_rules import MOST_QUESTIONS, places
from mediation.domain.places import Outcome, Question, Way, follow
from mediation.domain.words import problem
from mediation.services.offices import Office

RULES = places()
PAY = {"danger": "no", "who": "employee", "matter": "pay", "place": "here"}
MOST_BYTES = 60 * 1024


@pytest.fixture
def database_kind() -> str:
    """Nothing here reads a database."""
    return "sqlite"


def radios(page: TestResponse) -> dict[str, list[str]]:
    """The choices a page offers, by the name of their question."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="radio" name="(\w+)" value="(\w+)">', page.text):
        found.setdefault(name, []).append(value)
    return found


def hidden(page: TestResponse) -> dict[str, str]:
    """What the form carries along."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', page.text))


def every_page(client: FlaskClient, **more: str) -> Iterator[tuple[int, TestResponse]]:
    """Press every button of every page as a browser would; yields how often it was pressed, and the page."""
    open_pages: list[tuple[int, dict[str, str]]] = [(0, more)]
    while open_pages:
        pressed, query = open_pages.pop()
        page = client.get(f"/where?{urlencode(query)}")
        yield pressed, page
        for name, codes in radios(page).items():
            open_pages += [(pressed + 1, hidden(page) | {name: code}) for code in codes]


def test_every_way_ends_at_a_page_that_leaves_nobody_without_a_next_step(
    client: FlaskClient, office: Office
) -> None:
    seen: dict[str, str] = {}
    results = 0
    for pressed, page in every_page(client):
        assert page.status_code == 200
        assert pressed <= MOST_QUESTIONS
        assert len(page.data) <= MOST_BYTES
        assert len(re.findall(r"<h1\b", page.text)) == 1
        assert len(set(ids(page))) == len(ids(page))
        assert "{" not in words(page), "something was not filled in"
        assert "Set-Cookie" not in page.headers
        if not radios(page):
            results += 1
            assert any(link.startswith("/apply") for link in links(page)), "nobody is turned away"
            assert any(link.startswith("tel:") for link in links(page).copy())
            assert "依据：" in words(page)
            seen[title(page)] = pressed
    ours = {"phone": office.organisation.phone}
    assert len(seen) == len(RULES.outcomes)
    assert {t.partition(" — ")[0] for t in seen} == {
        outcome.said.zh.format_map(ours) for outcome in RULES.outcomes.values()
    }
    assert results > 200


def test_help_is_four_questions_away_and_the_category_goes_along_to_the_filing(client: FlaskClient) -> None:
    page = client.get(f"/where?{urlencode(PAY)}")
    assert len(PAY) == 4
    assert "我们能帮您谈" in title(page)
    assert "/apply?about=wages" in links(page)
    assert 'name="about" value="wages"' in client.get("/apply?about=wages").text
    assert {"tel:12351", "tel:12333"} <= set(links(page))
    said = words(page)
    assert "不受一年限制" in said
    assert "依据：劳动争议调解仲裁法第27条" in said
    assert "过了时间也可以申请" in said
    assert "北京市东城区劳动人事争议仲裁委员会" in said


@pytest.mark.parametrize(("danger", "first"), [("hurt", "tel:120"), ("beaten", "tel:110")])
def test_in_an_emergency_the_first_link_of_the_page_calls_for_help(
    client: FlaskClient, danger: str, first: str
) -> None:
    page = client.get(f"/where?danger={danger}")
    assert next(link for link in links(page) if link.startswith("tel:")) == first
    assert "/where?danger=no" in links(page)
    assert "/apply" in links(page)


def test_the_home_page_leads_here(client: FlaskClient) -> None:
    assert "/where" in links(client.get("/"))


# --- English -------------------------------------------------------------------------------------------


def test_every_page_is_there_in_english_and_the_language_goes_along(
    client: FlaskClient, office: Office
) -> None:
    chinese = re.compile("[\u4e00-\u9fff]")
    named = (
        *office.organisation.addresses.values(),
        office.organisation.name,
        office.organisation.arbitration_commission,
        office.organisation.address,
    )
    for _, page in every_page(client, lang="en"):
        main = re.search(r"<main.*</main>", page.text, re.DOTALL)
        assert main
        said = re.sub("中文|‹", "", re.sub(r"<[^>]*>", " ", main[0]))
        for name in named:
            said = said.replace(name, "")
        assert not chinese.search(said), chinese.findall(said)
        assert re.search(r'<div lang="en">', main[0])
        for link in links(page):
            if link.startswith("/where") and "lang=zh" not in link:
                assert "lang=en" in link


def test_the_other_language_keeps_what_was_answered(client: FlaskClient) -> None:
    page = client.get("/where?danger=no&who=employee")
    [english] = [link for link in links(page) if "lang=en" in link]
    assert parse_qs(urlsplit(english).query) == {"danger": ["no"], "who": ["employee"], "lang": ["en"]}
    assert "What is it mainly about?" in words(client.get(english))
    [back] = [link for link in links(client.get(english)) if "lang=zh" in link]
    assert "主要是什么事" in words(client.get(back))


def test_large_letters_keep_what_was_answered(client: FlaskClient) -> None:
    page = client.get("/where?danger=no&who=employee")
    [large] = [link for link in links(page) if "size=l" in link]
    bigger = client.get(f"/where{large}")
    assert 'data-size="l"' in bigger.text
    assert "主要是什么事" in words(bigger)


# --- back and change -----------------------------------------------------------------------------------


def test_one_can_go_back_a_step_and_change_each_answer(client: FlaskClient) -> None:
    page = client.get(f"/where?{urlencode(PAY)}")
    back = links(page)
    assert f"/where?{urlencode(dict(list(PAY.items())[:3]))}" in back
    for upto in range(4):
        kept = urlencode(dict(list(PAY.items())[:upto]))
        assert f"/where?{kept}" in back
        assert list(radios(client.get(f"/where?{kept}"))) == [list(PAY)[upto]]
    assert "/" in links(client.get("/where"))


# --- odd addresses -------------------------------------------------------------------------------------


def asked(page: TestResponse) -> Question | Outcome:
    [name] = radios(page) or [""]
    return RULES.questions[name]


@pytest.mark.parametrize(
    ("query", "question", "code"),
    [
        ("asked=danger", "danger", "not_chosen"),
        ("danger=no&asked=who", "who", "not_chosen"),
        ("danger=maybe", "danger", "no_such_answer"),
        ("danger=", "danger", "no_such_answer"),
        ("danger=no&who=%00", "who", "no_such_answer"),
        ("danger=no&who=" + "9" * 5000, "who", "no_such_answer"),
        ("danger=%ff%fe", "danger", "no_such_answer"),
        ("danger=no&who=😀", "who", "no_such_answer"),
        ("danger=no&danger=no", "danger", "said_twice"),
        ("danger=no&danger=hurt", "danger", "said_twice"),
        ("danger=no&who=employee&who=employee&matter=pay", "who", "said_twice"),
        ("danger=no&asked=who&asked=who", "who", "said_twice"),
        ("danger=no&colour=red", "who", "unknown_field"),
        ("danger=no&matter=pay", "who", "unknown_field"),
        ("danger=no&%00=1", "who", "unknown_field"),
        ("=&danger=no", "who", "unknown_field"),
        ("danger=no&_external=1&_anchor=x&endpoint=y", "who", "unknown_field"),
    ],
)
def test_an_odd_address_leads_to_the_first_open_question_with_a_sentence(
    client: FlaskClient, query: str, question: str, code: str
) -> None:
    page = client.get(f"/where?{query}")
    assert page.status_code == 422
    assert asked(page).code == question
    assert title(page).startswith("错误：")
    assert words(page).count(problem(code)) == 2
    assert f"#{question}" in links(page)
    assert f'id="{question}"' in page.text
    assert len(page.data) < MOST_BYTES
    english = client.get(f"/where?{query}&lang=en")
    assert words(english).count(problem(code, "en")) == 2


@pytest.mark.parametrize("odd", ["colour=red", "from=singlemessage&isappinstalled=0", "matter=pay&colour=1"])
def test_an_odd_address_with_every_answer_shows_where_they_lead_and_says_so(
    client: FlaskClient, odd: str
) -> None:
    query = urlencode(PAY) if "matter" not in odd else "danger=hurt"
    page = client.get(f"/where?{query}&{odd}")
    assert page.status_code == 422
    assert problem("unknown_field") in words(page)
    assert not radios(page)
    assert "colour" not in page.text


@pytest.mark.parametrize("query", ["lang=xx", "lang=", "size=xl", "lang=en&lang=zh", "size=l&size=n"])
def test_an_odd_setting_is_no_matter(client: FlaskClient, query: str) -> None:
    page = client.get(f"/where?{query}")
    assert page.status_code == 200
    assert asked(page).code == "danger"


def test_nothing_is_posted_here(client: FlaskClient) -> None:
    assert client.post("/where", data=PAY).status_code in {400, 404, 405}


def test_what_is_typed_into_the_address_is_not_shown_as_it_came(client: FlaskClient) -> None:
    page = client.get("/where?danger=%3Cscript%3E&%3Cimg%20src%3Dx%3E=1")
    assert "<script" not in page.text
    assert "img src=x" not in page.text.partition("<main")[2]


def test_a_browser_that_follows_the_form_asks_what_the_rules_ask(client: FlaskClient) -> None:
    """The pages go the ways of the rules, step for step."""
    answers: dict[str, Any] = {}
    page = client.get("/where")
    while names := radios(page):
        way: Way = follow(RULES, answers)
        assert list(names) == [way.next.code]
        assert isinstance(way.next, Question)
        assert names[way.next.code] == list(way.next.choices)
        answers[way.next.code] = names[way.next.code][-2]
        page = client.get(f"/where?{urlencode(hidden(page) | answers)}")
        assert page.status_code == 200


def test_with_a_fault_in_the_rules_nothing_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "places.yaml"
    broken.write_text("first: nobody\n")
    monkeypatch.setattr(place_rules, "SOURCE", broken)
    places.cache_clear()
    try:
        with pytest.raises(place_rules.PlacesError, match="nobody"):
            create_app(tmp_path / "instance")
    finally:
        places.cache_clear()
