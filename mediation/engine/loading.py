"""Read a workflow file into a value, or name every fault in it at once."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any

from mediation.engine.asking import Registry
from mediation.engine.checking import contradictions
from mediation.engine.marking import Fault, Marks, Path, load
from mediation.engine.periods import Period
from mediation.engine.refusals import WorkflowError
from mediation.engine.timings import Timing, timing
from mediation.engine.workflow import Action, Clock, Condition, NamedDay, State, Workflow

TOP = {"workflow", "version", "title", "initial", "states", "groups", "actions", "clocks", "days"}
STATE = {"label", "en", "final"}
ACTION = {"label", "en", "by", "from", "to", "needs", "takes", "when", "then", "follows", "at", "undo"}
NEVER = "never"
"""What stands under `stops` of a clock that no act stops."""
CLOCK = {"label", "en", "starts", "stops", "pauses", "resumes", "length", "unit", "law"}
DAY = {"label", "en"}
NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
"""What a name is made of: it stands in addresses, in file names and in the columns of a database."""
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Kinds of characters that nobody sees on a button, or that break its line."""
MOST_VERSION = 9999
LONGEST: Mapping[str, int] = {"working": 2500, "calendar": 3660, "years": 20}
"""Ten years of days, and the longest limitation there is in civil law (民法典 art. 188)."""


@dataclass
class Reading:
    """One file being read: where its faults are gathered."""

    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: Path, what: str) -> None:
        self.faults.append(Fault(path, what))

    def table(self, value: object, path: Path, allowed: set[str] | None = None) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.fault(path, "must be a mapping")
            return {}
        for key in value:
            if allowed is not None and key not in allowed:
                self.fault((*path, key), f"unknown key {key!r}")
        return value

    def text(self, table: Mapping[str, Any], key: str, path: Path) -> str:
        value = table.get(key, "")
        if not isinstance(value, str) or not value.strip():
            self.fault((*path, key), f"{key} is missing")
            return ""
        self.seen(value, (*path, key), key)
        return value

    def seen(self, value: str, path: Path, what: str) -> None:
        for character in sorted({c for c in value if unicodedata.category(c) in UNSEEN}):
            self.fault(path, f"{what} has a character that nobody sees: U+{ord(character):04X}")

    def english(self, table: Mapping[str, Any], path: Path) -> str:
        value = self.text(table, "en", path)
        if value and not re.search("[A-Za-z]", value):
            self.fault((*path, "en"), f"en is no English: {value!r}")
        return value

    def name(self, value: str, path: Path) -> None:
        if not NAME.fullmatch(value):
            self.fault(path, f"{value[:80]!r} is no name: letters, digits, _ and -, at most 60")

    def named(self, top: Mapping[str, Any], part: str) -> dict[str, Any]:
        found = self.table(top.get(part, {}), (part,))
        for name in found:
            self.name(name, (part, name))
        return found

    def words(self, table: Mapping[str, Any], key: str, path: Path) -> tuple[str, ...]:
        value = table.get(key, [])
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(word, str) and word for word in found):
            self.fault((*path, key), f"{key} must be a word or a list of words")
            return ()
        for word in sorted({w for w in found if found.count(w) > 1}):
            self.fault((*path, key), f"{key} names {word!r} twice")
        return tuple(found)

    def yes(self, table: Mapping[str, Any], key: str, path: Path) -> bool:
        value = table.get(key, "no")
        if value not in ("yes", "no"):
            self.fault((*path, key), f"{key} must be yes or no")
        return bool(value == "yes")

    def count(self, table: Mapping[str, Any], key: str, path: Path, most: int = MOST_VERSION) -> int:
        value = table.get(key, "")
        digits = value.lstrip("0") if isinstance(value, str) else ""
        if not re.fullmatch("[0-9]+", digits):
            self.fault((*path, key), f"{key} must be a whole number from 1")
            return 1
        if len(digits) > len(str(most)) or int(digits) > most:
            self.fault((*path, key), f"{key} is more than {most}")
            return 1
        return int(digits)


def read(path: File, registry: Registry) -> Workflow:
    """Read the workflow in `path`.  Raises WorkflowError with every fault found."""
    return parse(path.read_bytes(), path.name, registry)


def parse(source: bytes, file: str, registry: Registry) -> Workflow:
    """Read a workflow from the bytes of a file called `file`.  Raises WorkflowError."""
    try:
        root, marks = load(source, file)
    except ValueError as unreadable:
        raise WorkflowError([str(unreadable)]) from None
    reading = Reading()
    workflow = _workflow(reading, root, marks, hashlib.sha256(source).hexdigest())
    faults = [*reading.faults, *contradictions(workflow, registry)]
    if faults:
        raise WorkflowError(list(dict.fromkeys(marks.told(fault) for fault in faults)))
    return workflow


def _workflow(reading: Reading, root: object, marks: Marks, digest: str) -> Workflow:
    top = reading.table(root, (), TOP)
    states = {name: _state(reading, name, body) for name, body in reading.named(top, "states").items()}
    groups = {name: _group(reading, name, body) for name, body in reading.named(top, "groups").items()}
    actions = {
        name: _action(reading, name, body, groups) for name, body in reading.named(top, "actions").items()
    }
    clocks = {
        name: _clock(reading, name, body, actions) for name, body in reading.named(top, "clocks").items()
    }
    days = {name: _day(reading, name, body) for name, body in reading.named(top, "days").items()}
    if name := reading.text(top, "workflow", ()):
        reading.name(name, ("workflow",))
    return Workflow(
        name=name,
        version=reading.count(top, "version", ()),
        title=reading.text(top, "title", ()),
        initial=reading.text(top, "initial", ()),
        states=states,
        groups=groups,
        actions=actions,
        clocks=clocks,
        days=days,
        digest=digest,
        marks=marks,
    )


def _group(reading: Reading, name: str, body: object) -> frozenset[str]:
    found = reading.words({name: body}, name, ("groups",))
    if not found:
        reading.fault(("groups", name), "names no state")
    return frozenset(found)


def _state(reading: Reading, name: str, body: object) -> State:
    path = ("states", name)
    table = reading.table(body, path, STATE)
    final = reading.yes(table, "final", path)
    return State(name, reading.text(table, "label", path), reading.english(table, path), final)


def _action(reading: Reading, name: str, body: object, groups: Mapping[str, frozenset[str]]) -> Action:
    path = ("actions", name)
    table = reading.table(body, path, ACTION)
    sources: set[str] = set()
    origins = reading.words(table, "from", path)
    for word in origins:
        sources |= groups.get(word, {word})
    target = table.get("to")
    if target is not None and not isinstance(target, str):
        reading.fault((*path, "to"), "to must be one state")
        target = None
    return Action(
        name=name,
        label=reading.text(table, "label", path),
        english=reading.english(table, path),
        by=frozenset(reading.words(table, "by", path)),
        sources=frozenset(sources),
        target=target,
        needs=reading.words(table, "needs", path),
        takes=reading.words(table, "takes", path),
        when=_conditions(reading, table, path),
        then=reading.words(table, "then", path),
        follows=frozenset(reading.words(table, "follows", path)),
        origins=origins,
        at=_timing(reading, table, path),
        undo=reading.yes(table, "undo", path),
    )


def _timing(reading: Reading, table: Mapping[str, Any], path: Path) -> Timing | None:
    if "at" not in table:
        return None
    try:
        return timing(reading.text(table, "at", path))
    except ValueError as unreadable:
        reading.fault((*path, "at"), f"at: {unreadable}")
        return None


def _day(reading: Reading, name: str, body: object) -> NamedDay:
    path = ("days", name)
    table = reading.table(body, path, DAY)
    return NamedDay(name, reading.text(table, "label", path), reading.english(table, path))


def _conditions(reading: Reading, table: Mapping[str, Any], path: Path) -> tuple[Condition, ...]:
    when = reading.table(table.get("when", {}), (*path, "when"))
    for guard, sentence in when.items():
        if not isinstance(sentence, str) or not sentence.strip():
            reading.fault((*path, "when", guard), f"when {guard} has no sentence")
        else:
            reading.seen(sentence, (*path, "when", guard), "the sentence")
    return tuple(Condition(guard, str(sentence)) for guard, sentence in when.items())


def _clock(reading: Reading, name: str, body: object, actions: Mapping[str, Action]) -> Clock:
    path = ("clocks", name)
    table = reading.table(body, path, CLOCK)
    unit = table.get("unit", "")
    if unit not in ("working", "calendar", "years"):
        reading.fault((*path, "unit"), "unit must be working, calendar or years")
        unit = "calendar"
    stops = frozenset(reading.words(table, "stops", path))
    if NEVER in stops and len(stops) > 1:
        reading.fault((*path, "stops"), f"{NEVER!r} stands beside acts that stop it")
    return Clock(
        name=name,
        label=reading.text(table, "label", path),
        english=reading.english(table, path),
        starts=frozenset(reading.words(table, "starts", path)),
        stops=stops - {NEVER},
        period=Period(reading.count(table, "length", path, LONGEST[unit]), unit),
        law=reading.text(table, "law", path),
        endless=NEVER in stops,
        pauses=frozenset(reading.words(table, "pauses", path)),
        resumes=frozenset(reading.words(table, "resumes", path)),
        rungs=_rungs(name, actions),
    )


def _rungs(clock: str, actions: Mapping[str, Action]) -> tuple[int, ...]:
    moments = (act.at for act in actions.values() if act.at)
    return tuple(sorted({at.days for at in moments if (at.edge, at.of) == ("day", clock)}))
