"""What a worker and an employer see of their case is there in English, in every state, refusals included."""

import re
from typing import Any

import makers
import pytest
from flask import Flask
from makers import PATHS
from reading import filled, links
from sqlalchemy import select
from visiting import Played, post

from mediation.domain.characters import spoken_in
from mediation.domain.rules import registry
from mediation.engine.catalogue import gather
from mediation.resources import folder
from mediation.store.models import Case, Person
from mediation.web.wording import twins

CHINESE = re.compile("[\u4e00-\u9fff]+")
STATES = [state for state in PATHS if state not in ("draft",)]
CHARTS = list(gather(folder("workflows"), registry()))


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def typed(case: Played) -> set[str]:
    """Names of people and firms, which stand as they are in every language."""
    with case.transaction() as session:
        held = session.get_one(Case, case.id)
        names = {one.name for one in held.parties} | {one.contact or "" for one in held.parties}
        names |= set(session.scalars(select(Person.name)))
    promised = {one["text"].rstrip("0123456789") for one in makers.make_terms(duties=2)["duties"]}
    return names | promised | set(makers.NAMES)


def left_in_chinese(text: str, known: set[str]) -> list[str]:
    """Chinese of a page's middle but for what is marked as Chinese and what people are called."""
    main = text.partition("<main")[2].partition("</main>")[0]
    for _ in range(3):
        main = re.sub(r'<(\w+)[^>]*lang="zh-CN"[^>]*>(?:(?!<\1\b).)*?</\1>', " ", main, flags=re.DOTALL)
    main = re.sub(r"<[^>]+>", " ", main)
    for name in sorted(known, key=len, reverse=True):
        main = main.replace(name, " ") if name else main
    return CHINESE.findall(main)


def english(client: Any, url: str) -> Any:
    return client.get(f"{url}{'&' if '?' in url else '?'}lang=en")


@pytest.mark.parametrize("role", ["worker", "employer"])
@pytest.mark.parametrize("state", STATES)
def test_a_case_and_every_act_on_it_can_be_read_in_english(
    app: Flask, transaction: Any, state: str, role: str
) -> None:
    case = Played(app, transaction, state=state, workers=2)
    known, client = typed(case), case.by(role)
    page = english(client, case.url())
    assert page.status_code == 200
    assert '<html lang="en"' in page.text
    assert left_in_chinese(page.text, known) == []
    acts = [one for one in links(page) if one.startswith((case.url("/acts/"), case.url("/terms")))]
    for one in acts:
        form = english(client, one)
        assert left_in_chinese(form.text, known) == [], one
        if "/acts/" in one and form.status_code == 200:
            wrong = client.post(one, data={"csrf_token": filled(form).get("csrf_token", ""), "seen": "0"})
            assert left_in_chinese(wrong.text, known) == [], f"{one}: refused"
    for name in CHARTS[0].workflow.actions:
        refused = client.get(case.url(f"/acts/{name}"))
        assert left_in_chinese(refused.text, known) == [], f"{name}: not now"


def test_what_happened_is_told_in_english(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="performing")
    case.act("report_payment")
    page = english(case.by("worker"), case.url())
    for told in ("What happened", "Time limits", "Reported a payment", "Your turn", "Who is in it"):
        assert told in page.text, told
    assert "Invalid" not in page.text


@pytest.mark.parametrize(
    "place",
    ["/", "/totals", "/follow", "/answer", "/where", "/nowhere", "/v", "/apply", "/staff", "/inbox"],
)
def test_whoever_asks_for_english_has_every_public_page_in_it(client: Any, place: str) -> None:
    page = english(client, place)
    assert '<html lang="en"' in page.text
    assert left_in_chinese(page.text, set()) == []


def test_a_door_for_staff_speaks_english_too_when_it_stays_shut(client: Any) -> None:
    english(client, "/staff")
    tried = [post(client, "/staff", login="nobody", password=wrong) for wrong in ("", *"abcdef")]
    assert [page.status_code for page in tried] == [422] * 6 + [429]
    for page in tried:
        assert '<html lang="en"' in page.text
        assert left_in_chinese(page.text, set()) == []


def test_what_was_done_is_said_in_the_language_of_the_page(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="in_meeting")
    client = case.by("worker")
    english(client, case.url())
    assert post(client, case.url("/acts/offer"), amount="100").status_code == 302
    assert left_in_chinese(client.get(case.url()).text, typed(case)) == []


def test_whoever_changes_the_language_or_the_size_stays_where_he_is(client: Any) -> None:
    page = client.get("/follow?change=1").text
    assert 'href="?change=1&amp;size=l"' in page
    page = client.get("/totals?a=1&a=2&b=%26").text
    assert 'href="?a=1&amp;a=2&amp;b=%26&amp;lang=en"' in page


def test_what_was_sent_is_marked_in_the_language_that_it_was_sent_in() -> None:
    assert spoken_in("编号 2026-000001") == "zh-CN"
    assert spoken_in("Number 2026-000001, see http://x/k/abc") == "en"


def test_staff_read_their_pages_in_chinese_whatever_they_ask_for(app: Flask, transaction: Any) -> None:
    case = Played(app, transaction, state="accepted")
    page = english(case.by("mediator"), case.url())
    assert '<html lang="zh-CN"' in page.text
    assert "下一步" in page.text


def test_each_sentence_that_refuses_a_party_has_its_twin_and_none_is_left_over() -> None:
    said = {
        one.sentence
        for engine in CHARTS
        for action in engine.workflow.actions.values()
        if action.by & {"worker", "employer"}
        for one in action.when
    }
    assert set(twins()) == said
