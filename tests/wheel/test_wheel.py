"""The wheel works where there is no checkout: in an environment of its own and an empty folder."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOSSIER = ROOT / "tests" / "dossiers" / "garment_dismissal.json"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: what an earlier build left behind must not get into it."""
    copy = tmp_path_factory.mktemp("source")
    for name in ("setup.cfg", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, copy)
    for name in ("mediation", "templates", "workflows"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    made = tmp_path_factory.mktemp("dist")
    pip("wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", made, copy)
    return next(made.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; the libraries it needs are those of the running one."""
    place = tmp_path_factory.mktemp("installed")
    venv.create(place, symlinks=True)
    python = place / "bin" / "python"
    pip("--python", python, "install", "--no-deps", "--no-index", wheel)
    # A path named in a .pth is searched, but the .pth files in it are not read: our editable
    # installation, which is one of those, stays out of sight.
    [packages] = place.glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return place


@pytest.fixture(scope="module")
def run(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run a program of that environment in a folder where there is nothing."""
    here = tmp_path_factory.mktemp("empty")
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    fonts = Path(sys.prefix) / "share" / "mediation" / "fonts"
    environment = kept | {"MEDIATION_FONTS": str(fonts), "HOME": str(here)}

    def call(program: str, *words: object) -> subprocess.CompletedProcess[str]:
        command = [installed / "bin" / program, *map(str, words)]
        return subprocess.run(
            command, cwd=here, env=environment, capture_output=True, text=True, check=False, timeout=300
        )

    return call


def pip(*words: object) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_wheel_holds_everything_that_is_no_module(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    folders = {"templates": ROOT / "templates", "workflows": ROOT / "workflows", ".": ROOT / "mediation"}
    wanted = {
        f"mediation/{name}/{path.relative_to(folder).as_posix()}".replace("/./", "/")
        for name, folder in folders.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - held == set()
    assert "mediation/workflows/labour_dispute.yaml" in held
    assert "mediation/domain/calendar_overrides.csv" in held
    assert "mediation/store/migrations/versions/0001_tables.py" in held


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"mediation"}


def test_it_is_the_wheel_that_runs(run: Run, installed: Path) -> None:
    done = run("python", "-c", "import mediation; print(mediation.__file__)")
    assert Path(done.stdout.strip()).is_relative_to(installed)


def test_a_dossier_is_played_to_a_sealed_paper_that_is_verified(run: Run, tmp_path: Path) -> None:
    played = run("mediation", "play", DOSSIER, "--out", tmp_path)
    assert played.returncode == 0, played.stderr
    line = json.loads(played.stdout)
    paper = Path(line["agreement"])
    assert paper.read_bytes().startswith(b"%PDF-")

    verified = run("mediation", "verify", paper)
    assert (verified.returncode, verified.stderr) == (0, "")

    changed = tmp_path / "changed.pdf"
    changed.write_bytes(paper.read_bytes() + b"\n%")
    refused = run("mediation", "verify", changed)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1

    audited = run("mediation", "audit")
    assert audited.returncode == 0, audited.stderr


def test_its_pages_and_their_style_are_served(run: Run) -> None:
    code = """if True:
        from mediation.app import create_app
        client = create_app().test_client()
        page = client.get("/")
        assert page.status_code == 200, page.status_code
        import re
        style = re.search(r'href="(/static/[^"]+[.]css[^"]*)"', page.text)[1]
        assert client.get(style).status_code == 200, style
    """
    done = run("python", "-c", code)
    assert done.returncode == 0, done.stderr


def test_its_charts_are_those_of_the_checkout(run: Run) -> None:
    drawn = run("mediation", "workflows", "draw")
    assert drawn.stdout == (ROOT / "docs" / "chart.md").read_text("utf-8")
