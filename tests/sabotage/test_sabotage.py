"""The tests can fail: bugs that somebody could bring in are each caught by the test that is named for it."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PARTS = ("mediation", "templates", "workflows", "tests", "docs", "tools", "requirements")
FILES = ("setup.cfg", "pyproject.toml", "Makefile", "README.md")


class Bug(NamedTuple):
    """One piece of one file, what stands there instead, and the test that is red then."""

    bug: str
    file: str
    old: str
    new: str
    test: str

    @property
    def function(self) -> str:
        return self.test.rpartition("::")[2].partition("[")[0]


BUGS = [Bug(**one) for one in yaml.safe_load((Path(__file__).parent / "bugs.yaml").read_text("utf-8"))]
EACH = pytest.mark.parametrize("bug", BUGS, ids=[one.bug.replace(" ", "_") for one in BUGS])


@EACH
def test_every_bug_can_still_be_brought_in_and_names_a_test_that_is_there(bug: Bug) -> None:
    assert (ROOT / bug.file).read_text("utf-8").count(bug.old) == 1, f"{bug.file} has it not exactly once"
    assert bug.new != bug.old
    tree = ast.parse((ROOT / bug.test.partition("::")[0]).read_text("utf-8"))
    assert bug.function in {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


def test_there_are_bugs_of_every_kind() -> None:
    assert len(BUGS) >= 20
    assert len({one.bug for one in BUGS}) == len(BUGS)


def test_the_page_about_the_tests_has_every_bug_and_the_test_that_catches_it() -> None:
    page = (ROOT / "docs" / "testing.md").read_text("utf-8")
    for one in BUGS:
        assert f"| {one.bug} | `{one.function}` |" in page, "docs/testing.md lacks this row"


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it stands, to be spoiled."""
    place = tmp_path_factory.mktemp("sabotage")
    for part in PARTS:
        shutil.copytree(ROOT / part, place / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILES:
        shutil.copy(ROOT / file, place / file)
    return place


def failed(copy: Path, *tests: str) -> set[str]:
    """Run tests in the copy: the names of those that failed; an error is none.  All of them ran."""
    report = copy / "report.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *tests]
    # The copy first, so that child processes too run the copy and not what is installed.
    env = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=copy, env=env, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    ran = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314 - our own report
    assert {name_of(one) for one in ran} >= {test.rpartition("::")[2] for test in tests if "[" in test}
    assert ran
    assert not [one for one in ran if one.find("error") is not None], done.stdout
    assert not [one for one in ran if one.find("skipped") is not None], done.stdout
    return {name_of(one) for one in ran if one.find("failure") is not None}


def name_of(case: ElementTree.Element) -> str:
    """The name of a test without what its file and parameters add."""
    return case.get("name", "")


@pytest.mark.long
def test_without_any_bug_every_named_test_is_green(copy: Path) -> None:
    assert failed(copy, *sorted({one.test for one in BUGS})) == set()


@pytest.mark.long
@EACH
def test_a_bug_is_caught(copy: Path, bug: Bug) -> None:
    place = copy / bug.file
    right = place.read_text("utf-8")
    assert right.count(bug.old) == 1
    place.write_text(right.replace(bug.old, bug.new), "utf-8")
    try:
        found = failed(copy, bug.test)
    finally:
        place.write_text(right, "utf-8")
    assert {one.partition("[")[0] for one in found} == {bug.function}
