"""Where each word of a workflow file stands, so that a fault can name its line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[str, ...]
"""The keys that lead to a word: ("actions", "lend", "by", "librarian")."""

DEPTH = 4
"""No word that a fault could name lies deeper; a file that nests further is read no further."""

PARTS = {"actions": "action", "states": "state", "groups": "group", "clocks": "clock", "days": "day"}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong, and the keys that lead to where it is said."""

    path: Path
    what: str

    @property
    def where(self) -> str:
        """The part of the file, as a person calls it: `action lend`."""
        if len(self.path) > 1 and self.path[0] in PARTS:
            return f"{PARTS[self.path[0]]} {self.path[1]}"
        return self.path[0] if self.path and self.path[0] in PARTS else "top"


@dataclass(frozen=True, slots=True)
class Marks:
    """The lines of one file, by the keys that lead to them."""

    file: str
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def told(self, fault: Fault) -> str:
        """The fault as `file:line: where: what`, in one line whatever the names in it are."""
        said = f"{fault.where}: {fault.what}"
        plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in said)
        return f"{self.file}:{self.line(fault.path)}: {plain}"


class Strict(yaml.BaseLoader):
    """Every scalar is text, and a key said twice is a fault rather than a silent choice."""


def _mapping(loader: Strict, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a word", key_node.start_mark)
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"{key} is said twice", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load(source: bytes, file: str) -> tuple[object, Marks]:
    """What the YAML of `source` says, and the lines of its words.  Raises ValueError with the one fault."""
    try:
        loader = Strict(source.decode("utf-8"))
        node = loader.get_single_node()
        value = None if node is None else loader.construct_document(node)
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise ValueError(f"{file}:{line}: not UTF-8: {error.reason}") from None
    except RecursionError:
        raise ValueError(f"{file}:1: nested too deep") from None
    except yaml.YAMLError as error:
        raise ValueError(_unreadable(file, error)) from None
    return value, Marks(file, dict(_lines(node, ())))


def _unreadable(file: str, error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        return f"{file}:{mark.line + 1 if mark else 1}: {' '.join(said.split())}"
    return f"{file}:1: {' '.join(str(error).split())}"


def _lines(node: yaml.Node | None, path: Path) -> Iterator[tuple[Path, int]]:
    match node:
        case yaml.MappingNode() if len(path) < DEPTH:
            for key, value in node.value:
                yield from _word(key, path)
                yield from _lines(value, (*path, str(key.value)))
        case yaml.SequenceNode():
            for one in node.value:
                yield from _word(one, path)
        case yaml.ScalarNode():
            yield from _word(node, path)


def _word(node: yaml.Node, path: Path) -> Iterator[tuple[Path, int]]:
    if isinstance(node, yaml.ScalarNode):
        yield (*path, node.value), node.start_mark.line + 1
