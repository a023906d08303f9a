"""How a module is written."""

import ast
import re
from pathlib import Path

import pytest
from tree import PACKAGE, ROOT, docstrings, files, modules, named, nodes, syntax

LONGEST = 300

CHINESE = {
    "mediation/config.py": "defaults of the organisation that uses it",
    "mediation/documents/agreement.py": "the default line of a seal",
    "mediation/documents/authority.py": "names inside certificates",
    "mediation/documents/wording.py": "dates and clause numbers as papers write them",
    "mediation/domain/money.py": "capital numerals, and the words people type around an amount",
    "mediation/domain/organisation.py": "the shape of a case number",
    "mediation/domain/spoken.py": "numerals, and the words people say around an amount",
    "mediation/domain/working_days.py": "names of holidays as the library has them",
    "mediation/services/notices.py": "the shape of a day and of a case number",
    "mediation/services/totals.py": "the source of the opening figures, as published",
    "mediation/web/filters.py": "the shape of a day",
    "mediation/store/migrations/versions/0009_openings.py": "the source of the openings, as published",
}
"""Modules that may hold Chinese text, and why; sentences belong in templates/ and workflows/."""

MONEY = [
    *(
        f"domain/{name}.py"
        for name in ("money", "owing", "terms", "effects", "guards", "facts", "fields", "filing")
    ),
    *(f"store/{name}.py" for name in ("books", "totals", "steps", "models/ledger")),
    *(f"services/{name}.py" for name in ("casework", "totals")),
]
"""Modules that hold or add amounts."""

CLOCKS = {"now", "today", "utcnow"}

SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore)(?P<rest>.*)$")
REASONED = re.compile(r"(:\s*[A-Z]+[0-9]+(,\s*[A-Z]+[0-9]+)*|\[[a-z, -]+\])\s*[-#]*\s*\w\w.*")


def ids(paths: list[Path]) -> list[str]:
    return [named(path) for path in paths]


def test_every_module_says_in_a_docstring_what_it_is_for() -> None:
    assert [named(path) for path in modules() if not ast.get_docstring(syntax(path))] == []


def test_no_module_is_longer_than_it_can_be_read() -> None:
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_python_speaks_no_chinese() -> None:
    speaking = {}
    for path in modules():
        exempt = docstrings(path)
        found = [
            node.value
            for node in nodes(path)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in exempt
            and re.search("[\u4e00-\u9fff]", node.value)
        ]
        if found:
            speaking[named(path)] = found
    assert {name: said for name, said in speaking.items() if name not in CHINESE} == {}
    assert CHINESE.keys() - speaking.keys() == set(), "no longer needed in the list"


def test_only_pages_and_commands_look_at_the_clock() -> None:
    looking = [
        f"{named(path)}:{node.lineno}"
        for path in modules()
        if path.relative_to(PACKAGE).parts[0] not in {"web", "cli"}
        for node in nodes(path)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (node.value.id if isinstance(node.value, ast.Name) else node.value.attr) in {"datetime", "date"}
    ]
    assert looking == []


@pytest.mark.parametrize("name", MONEY)
def test_money_is_never_a_float(name: str) -> None:
    for node in nodes(PACKAGE / name):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), node.lineno
        assert not (isinstance(node, ast.Name) and node.id in {"float", "Decimal"}), node.lineno
        assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)), node.lineno


def test_every_suppression_carries_its_reason() -> None:
    bare = []
    for path in files():
        if path.suffix != ".py" and path.parent != ROOT / "tools":
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            found = SUPPRESSION.search(line)
            if found and not REASONED.fullmatch(found["rest"].strip()) and "re.compile" not in line:
                bare.append(f"{named(path)}:{number}: {line.strip()}")
    assert bare == []


def test_no_two_test_modules_have_one_name() -> None:
    """Pytest imports them by their bare names: the second of a name would be the first."""
    names = [path.stem for path in files() if ROOT / "tests" in path.parents and path.suffix == ".py"]
    assert sorted(n for n in set(names) - {"__init__", "conftest"} if names.count(n) > 1) == []
