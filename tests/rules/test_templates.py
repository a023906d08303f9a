"""How a page is written."""

import re

import pytest
from tree import ROOT, files, named

PAGES = [path for path in files() if ROOT / "templates" in path.parents and path.suffix == ".html"]
FORM = re.compile(r"<form\b(?P<tag>(?:\{[{%].*?[%}]\}|[^>{])*)>(?P<body>.*?)</form>", re.DOTALL)
OWN_ADDRESS = re.compile(r'\b(?:src|href)="(?:https?:)?//', re.IGNORECASE)


def test_there_are_pages() -> None:
    assert len(PAGES) > 5


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_form_says_how_and_where_it_posts_and_carries_its_token(path) -> None:
    text = path.read_text("utf-8")
    forms = list(FORM.finditer(text))
    assert len(forms) == len(re.findall(r"<form\b", text)), "a form that could not be read"
    for form in forms:
        assert re.search(r'\bmethod="(get|post)"', form["tag"]), form["tag"]
        assert re.search(r'\baction="\{\{.+?\}\}"', form["tag"]), form["tag"]
        if 'method="post"' in form["tag"]:
            assert "csrf_token()" in form["body"], form["tag"]


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_page_runs_or_styles_inline_or_fetches_from_elsewhere(path) -> None:
    text = path.read_text("utf-8")
    assert not OWN_ADDRESS.search(text)
    if "documents" not in path.parts:
        assert not re.search(r"\s(on[a-z]+|style)=", text)
        assert not re.search(r"<script(?![^>]*\bsrc=)", text)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_that_is_no_component_stands_on_the_skeleton(path) -> None:
    text = path.read_text("utf-8")
    first = text.lstrip().splitlines()[0]
    if path.parent.name == "components":
        assert first.startswith("{#"), "a component says in its first line what it is"
    elif path.name != "base.html" and path.parent.name != "documents" and not path.name.startswith("_"):
        assert '{% extends "base.html" %}' in text.replace("'", '"')
