"""What the wheel will hold: every package, every kind of file, and every library by name."""

import ast
import re
import sys
from importlib.metadata import packages_distributions

from tree import PACKAGE, ROOT, files, modules, named, nodes, setup

DATA_FOLDERS = {"mediation.templates": ROOT / "templates", "mediation.workflows": ROOT / "workflows"}

THROUGH = {
    "click": "flask",
    "jinja2": "flask",
    "markupsafe": "flask",
    "pydyf": "weasyprint",
    "werkzeug": "flask",
    "asn1crypto": "pyhanko",
    "pyhanko-certvalidator": "pyhanko",
}
"""Libraries we import that come with another one, which pins what fits it."""

NEVER_IMPORTED = {"gunicorn": "serves us"}


def lines(section: str, key: str) -> list[str]:
    return [line for line in setup()[section][key].splitlines() if line.strip()]


def distribution(requirement: str) -> str:
    return re.split(r"[\[<>=~!; ]", requirement.strip())[0].lower().replace("_", "-")


def test_every_package_is_listed_for_the_wheel() -> None:
    there = {
        named(path.parent).replace("/", ".")
        for path in files()
        if path.name == "__init__.py" and path in modules()
    }
    assert set(lines("options", "packages")) == there | DATA_FOLDERS.keys()


def test_the_list_of_packages_is_in_order_and_says_nothing_twice() -> None:
    listed = lines("options", "packages")
    assert listed == sorted(set(listed))


def test_every_file_that_is_no_module_is_shipped() -> None:
    shipped = set()
    for package, globs in setup()["options.package_data"].items():
        folder = DATA_FOLDERS.get(package, ROOT / package.replace(".", "/"))
        for glob in globs.split(","):
            found = {path for path in folder.glob(glob.strip()) if path.is_file()}
            assert found, f"{package}: {glob.strip()} names no file"
            shipped |= found
    homes = (PACKAGE, *DATA_FOLDERS.values())
    forgotten = [
        named(path)
        for path in files()
        if path.suffix != ".py" and path not in shipped and any(home in path.parents for home in homes)
    ]
    assert forgotten == []


def test_data_folders_hold_no_python() -> None:
    assert [
        named(p)
        for p in files()
        if p.suffix == ".py" and p.parts[len(ROOT.parts)] in {"templates", "workflows"}
    ] == []


def imported() -> set[str]:
    """The distributions that the package imports from, its own and Python's left out."""
    names: set[str] = set()
    for path in modules():
        for node in nodes(path):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names.add(node.module.partition(".")[0])
    known = packages_distributions()
    return {
        known[name][0].lower().replace("_", "-") for name in names - sys.stdlib_module_names - {"mediation"}
    }


def test_every_imported_library_is_required_and_every_required_one_imported() -> None:
    required = {distribution(line) for line in lines("options", "install_requires")}
    assert imported() - THROUGH.keys() == required - NEVER_IMPORTED.keys()
    assert set(THROUGH.values()) <= required


def test_every_required_library_is_pinned() -> None:
    pins = (ROOT / "requirements" / "run.in").read_text().splitlines()
    assert {distribution(line) for line in pins} >= {
        distribution(line) for line in lines("options", "install_requires")
    }


def test_every_pin_carries_its_hashes() -> None:
    for name in ("run.txt", "dev.txt", "bench.txt"):
        text = (ROOT / "requirements" / name).read_text()
        pins = re.findall(r"^\S+==\S+", text, re.MULTILINE)
        assert len(pins) > 10
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+", block), block.splitlines()[0]
            assert "--hash=sha256:" in block, block.splitlines()[0]
