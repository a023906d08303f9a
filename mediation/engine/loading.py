"""Read a workflow file into a value, or name every fault in it at once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mediation.engine.asking import Registry
from mediation.engine.checking import contradictions
from mediation.engine.periods import Period
from mediation.engine.refusals import WorkflowError
from mediation.engine.workflow import Action, Clock, Condition, State, Workflow

TOP = {"workflow", "version", "title", "initial", "states", "groups", "actions", "clocks"}
STATE = {"label", "en", "final"}
ACTION = {"label", "en", "by", "from", "to", "needs", "takes", "when", "then", "follows"}
CLOCK = {"label", "en", "starts", "stops", "length", "unit", "law"}


class _Strict(yaml.BaseLoader):
    """Every scalar is text, and a key said twice is a fault rather than a silent choice."""


def _mapping(loader: _Strict, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a word", key_node.start_mark)
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"{key} is said twice", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@dataclass
class _Reading:
    """One file being read: where faults are gathered."""

    file: str
    faults: list[str] = field(default_factory=list)

    def fault(self, where: str, what: str) -> None:
        self.faults.append(f"{self.file}: {where}: {what}")

    def table(self, value: object, where: str, allowed: set[str] | None = None) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.fault(where, "must be a mapping")
            return {}
        for key in value:
            if allowed is not None and key not in allowed:
                self.fault(where, f"unknown key {key!r}")
        return value

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str:
        value = table.get(key, "")
        if not isinstance(value, str) or not value.strip():
            self.fault(where, f"{key} is missing")
            return ""
        return value

    def words(self, table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        value = table.get(key, [])
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(word, str) and word for word in found):
            self.fault(where, f"{key} must be a word or a list of words")
            return ()
        for word in {w for w in found if found.count(w) > 1}:
            self.fault(where, f"{key} names {word!r} twice")
        return tuple(found)

    def count(self, table: Mapping[str, Any], key: str, where: str) -> int:
        value = table.get(key, "")
        if not isinstance(value, str) or not value.isascii() or not value.isdigit() or not int(value):
            self.fault(where, f"{key} must be a whole number from 1")
            return 1
        return int(value)


def read(path: Path, registry: Registry) -> Workflow:
    """Read the workflow in `path`.  Raises WorkflowError with every fault found."""
    return parse(path.read_bytes(), path.name, registry)


def parse(source: bytes, file: str, registry: Registry) -> Workflow:
    """Read a workflow from the bytes of a file called `file`.  Raises WorkflowError."""
    reading = _Reading(file)
    try:
        root = yaml.load(source.decode("utf-8"), Loader=_Strict)  # noqa: S506 - a BaseLoader: text only
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise WorkflowError([f"{file}: {' '.join(str(error).split())}"]) from None
    workflow = _workflow(reading, root, hashlib.sha256(source).hexdigest())
    reading.faults += [f"{file}: {fault}" for fault in contradictions(workflow, registry)]
    if reading.faults:
        raise WorkflowError(list(dict.fromkeys(reading.faults)))
    return workflow


def _workflow(reading: _Reading, root: object, digest: str) -> Workflow:
    top = reading.table(root, "top", TOP)
    states = {
        name: _state(reading, name, body)
        for name, body in reading.table(top.get("states", {}), "states").items()
    }
    groups = {
        name: frozenset(reading.words({"states": body}, "states", f"group {name}"))
        for name, body in reading.table(top.get("groups", {}), "groups").items()
    }
    actions = {
        name: _action(reading, name, body, groups)
        for name, body in reading.table(top.get("actions", {}), "actions").items()
    }
    clocks = {
        name: _clock(reading, name, body)
        for name, body in reading.table(top.get("clocks", {}), "clocks").items()
    }
    return Workflow(
        name=reading.text(top, "workflow", "top"),
        version=reading.count(top, "version", "top"),
        title=reading.text(top, "title", "top"),
        initial=reading.text(top, "initial", "top"),
        states=states,
        groups=groups,
        actions=actions,
        clocks=clocks,
        digest=digest,
    )


def _state(reading: _Reading, name: str, body: object) -> State:
    where = f"state {name}"
    table = reading.table(body, where, STATE)
    final = table.get("final", "no")
    if final not in ("yes", "no"):
        reading.fault(where, "final must be yes or no")
    return State(name, reading.text(table, "label", where), reading.text(table, "en", where), final == "yes")


def _action(reading: _Reading, name: str, body: object, groups: Mapping[str, frozenset[str]]) -> Action:
    where = f"action {name}"
    table = reading.table(body, where, ACTION)
    sources: set[str] = set()
    for word in reading.words(table, "from", where):
        sources |= groups.get(word, {word})
    target = table.get("to")
    if target is not None and not isinstance(target, str):
        reading.fault(where, "to must be one state")
        target = None
    when = reading.table(table.get("when", {}), f"{where} when")
    for guard, sentence in when.items():
        if not isinstance(sentence, str) or not sentence.strip():
            reading.fault(where, f"when {guard} has no sentence")
    return Action(
        name=name,
        label=reading.text(table, "label", where),
        english=reading.text(table, "en", where),
        by=frozenset(reading.words(table, "by", where)),
        sources=frozenset(sources),
        target=target,
        needs=reading.words(table, "needs", where),
        takes=reading.words(table, "takes", where),
        when=tuple(Condition(guard, str(sentence)) for guard, sentence in when.items()),
        then=reading.words(table, "then", where),
        follows=frozenset(reading.words(table, "follows", where)),
    )


def _clock(reading: _Reading, name: str, body: object) -> Clock:
    where = f"clock {name}"
    table = reading.table(body, where, CLOCK)
    unit = table.get("unit", "")
    if unit not in ("working", "calendar", "years"):
        reading.fault(where, "unit must be working, calendar or years")
        unit = "calendar"
    return Clock(
        name=name,
        label=reading.text(table, "label", where),
        english=reading.text(table, "en", where),
        starts=frozenset(reading.words(table, "starts", where)),
        stops=frozenset(reading.words(table, "stops", where)),
        period=Period(reading.count(table, "length", where), unit),
        law=reading.text(table, "law", where),
    )
