"""What the house rules look at: the files of the checkout, and the modules among them as syntax trees."""

import ast
import configparser
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mediation"

_NOT_OURS = {".git", ".venv", ".venv-bench", "build", "dist", "__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that could be committed: no cache, and of `instance/` only the examples."""
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        name = path.name
        if name in _NOT_OURS or name.endswith((".egg-info", "_cache", ".pyc")) or name == ".hypothesis":
            continue
        if path.is_dir():
            yield from _walk(path)
        elif folder != ROOT / "instance" or name in {".gitignore", "config.example.py"}:
            yield path


def named(path: Path) -> str:
    """A file as a failure should name it."""
    return path.relative_to(ROOT).as_posix()


@cache
def modules() -> tuple[Path, ...]:
    """Every module of the package."""
    return tuple(path for path in files() if path.suffix == ".py" and PACKAGE in path.parents)


@cache
def syntax(path: Path) -> ast.Module:
    """A module as a syntax tree."""
    return ast.parse(path.read_text("utf-8"))


def nodes(path: Path) -> Iterator[ast.AST]:
    """Everything in a module."""
    return ast.walk(syntax(path))


def docstrings(path: Path) -> set[int]:
    """The identities of the constants of a module that are docstrings, or stand below a name as one."""
    return {
        id(node.value)
        for node in nodes(path)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


@cache
def setup() -> configparser.ConfigParser:
    """setup.cfg."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", "utf-8")
    return parser


@cache
def project() -> dict[str, object]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
