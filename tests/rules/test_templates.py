"""How a page is written."""

import re
from pathlib import Path

import pytest
from tree import ROOT, files, named

PAGES = [path for path in files() if ROOT / "templates" in path.parents and path.suffix == ".html"]
FORM = re.compile(r"<form\b(?P<tag>(?:\{[{%].*?[%}]\}|[^>{])*)>(?P<body>.*?)</form>", re.DOTALL)
OWN_ADDRESS = re.compile(r'\b(?:src|href)="(?:https?:)?//', re.IGNORECASE)


def test_there_are_pages() -> None:
    assert len(PAGES) > 5


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_form_says_how_and_where_it_posts_and_carries_its_token(path: Path) -> None:
    text = path.read_text("utf-8")
    forms = list(FORM.finditer(text))
    assert len(forms) == len(re.findall(r"<form\b", text)), "a form that could not be read"
    for form in forms:
        assert re.search(r'\bmethod="(get|post)"', form["tag"]), form["tag"]
        assert re.search(r'\baction="\{\{.+?\}\}"', form["tag"]), form["tag"]
        if 'method="post"' in form["tag"]:
            assert "csrf_token()" in form["body"], form["tag"]


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_page_runs_or_styles_inline_or_fetches_from_elsewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not OWN_ADDRESS.search(text)
    if "documents" not in path.parts:
        assert not re.search(r"\s(on[a-z]+|style)=", text)
        assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def used_by_others() -> set[str]:
    """The templates that another one includes, imports or stands on."""
    texts = "".join(path.read_text("utf-8") for path in PAGES)
    return set(re.findall(r'\{%-? *(?:include|import|from|extends) +"([^"]+)"', texts))


def stands(path: Path) -> bool:
    """Whether the skeleton is under a template: at once, or under the one it stands on."""
    under = re.match(r'(?:\{#.*?#\}\n)?\{% extends "([^"]+)" %\}', path.read_text("utf-8"), re.DOTALL)
    return under is not None and (under[1] == "base.html" or stands(ROOT / "templates" / under[1]))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_template_stands_on_the_skeleton_or_is_part_of_one_that_does(path: Path) -> None:
    name = path.relative_to(ROOT / "templates").as_posix()
    assert path.parent.name == "documents" or name in used_by_others() or stands(path)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_component_says_in_its_first_line_what_it_is(path: Path) -> None:
    assert path.parent.name != "components" or path.read_text("utf-8").startswith("{# ")
