"""Who may import whom, and what is not imported before it is needed."""

import subprocess
import sys
from pathlib import Path

import pytest
from tree import PACKAGE, ROOT, modules


def loaded_by(*names: str) -> set[str]:
    """The modules that importing `names` loads in a fresh interpreter."""
    code = f"import sys; import {', '.join(names)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


def everything_in(layer: str) -> list[str]:
    folder = PACKAGE / layer
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in modules()
        if folder in path.parents
    ]


@pytest.mark.parametrize("layer", ["engine", "domain"])
def test_the_rules_load_neither_web_nor_database_nor_paper(layer: str) -> None:
    loaded = loaded_by(*everything_in(layer))
    assert f"mediation.{layer}" in loaded
    assert loaded & {"flask", "werkzeug", "sqlalchemy", "jinja2", "weasyprint", "pyhanko"} == set()


def test_the_engine_knows_no_law() -> None:
    loaded = loaded_by(*everything_in("engine"))
    assert [name for name in loaded if name.startswith("mediation.domain")] == []


def test_what_prints_and_signs_is_loaded_when_the_first_paper_is_made_and_not_before() -> None:
    loaded = loaded_by("mediation.app", "mediation.cli.main")
    assert "mediation.services.papers" in loaded
    assert loaded & {"weasyprint", "pyhanko", "holidays", "lxml"} == set()


def test_every_import_contract_is_kept(tmp_path: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--cache-dir", tmp_path, "--no-logo"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout
