"""What people read before the code, and what no file may say."""

import ast
import re
from pathlib import Path

import pytest
from tree import ROOT, files, named

from mediation import config
from mediation.cli.charts import chart_page
from mediation.domain.rules import registry
from mediation.engine.catalogue import gather
from mediation.resources import folder

BINARY = {".png", ".jpg", ".pdf", ".woff2", ".ico", ".ttf", ".otf"}
TEXTS = [path for path in files() if path.suffix not in BINARY]
READINGS = [path for path in files() if path.suffix == ".md"]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))

# In pieces, or this file would find itself.
ELSEWHERE = re.compile(
    "|".join(
        (
            r"(?<![\w.])/(work|root|home)" + r"/\w",
            r"\.\./" + "shared",
            r"pypi" + r"\.org",
            "python" + "hosted",
            "registry" + r"\.npm",
            r"index-url[ =]+" + "http",
        )
    )
)


def test_the_chart_is_drawn_from_the_workflow_files_of_today() -> None:
    drawn = (ROOT / "docs" / "chart.md").read_text("utf-8")
    assert drawn == chart_page(gather(folder("workflows"), registry())), "make chart"


@pytest.mark.parametrize("path", TEXTS, ids=named)
def test_a_text_is_utf8_and_ends_its_last_line(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text == "" or text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\r" not in text


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    told = [
        f"{named(path)}: {found.group()}"
        for path in TEXTS
        if (found := ELSEWHERE.search(path.read_text("utf-8")))
    ]
    assert told == []


@pytest.mark.parametrize("path", READINGS, ids=named)
def test_every_link_leads_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) + re.findall(r'<img src="([^"]+)"', text)
    dead = [link for link in links if "://" not in link and not (path.parent / link).exists()]
    assert dead == []


def test_every_document_that_is_referred_to_exists() -> None:
    missing = [
        f"{named(path)}: {name}"
        for path in TEXTS
        if path.suffix in {".py", ".yaml", ".md", ".cfg", ".toml", ".html", ""}
        for name in re.findall(r"\bdocs/[a-z0-9_/-]+\.md\b", path.read_text("utf-8"))
        if not (ROOT / name).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_gives_context_decision_and_consequence_on_one_page(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.match(rf"# {path.name[:4]} \S", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequence"]
    assert len(text.splitlines()) <= 40


def test_decisions_are_numbered_without_gaps() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{n:04d}" for n in range(1, len(DECISIONS) + 1)]


def test_the_example_of_settings_has_every_setting_with_its_default() -> None:
    tree = ast.parse((ROOT / "instance" / "config.example.py").read_text("utf-8"))
    said = {
        node.targets[0].id: eval(compile(ast.Expression(node.value), "example", "eval"))  # noqa: S307 - our own file
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert {name: said.get(name) for name in config.DEFAULTS} == config.DEFAULTS


def test_the_readme_names_only_words_that_make_knows() -> None:
    words = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for path in READINGS:
        said = set(re.findall(r"(?:^|`)make ([a-z]+)", path.read_text("utf-8"), re.MULTILINE))
        assert said <= words, named(path)
