"""A written migration: how a case on one version of a chart goes on with another."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as File

from mediation.engine.loading import Reading
from mediation.engine.marking import Fault, Marks, load
from mediation.engine.refusals import WorkflowError
from mediation.engine.workflow import Workflow

TOP = {"workflow", "from", "to", "reason", "states", "clocks"}
NONE = "none"
"""What stands behind a clock that the new version has no more: it is dropped."""

Charts = Mapping[tuple[str, int], Workflow]


@dataclass(frozen=True, slots=True)
class Migration:
    """From one version to another: where states and clocks have other names.

    `digest` is the SHA-256 of its file; the entry of a moved case keeps it.
    """

    workflow: str
    source: int
    target: int
    reason: str
    states: Mapping[str, str]
    clocks: Mapping[str, str]
    digest: str
    marks: Marks

    def state(self, name: str) -> str:
        """The new version's name of a state."""
        return self.states.get(name, name)

    def clock(self, name: str) -> str | None:
        """The new version's name of a clock, None where it is dropped."""
        found = self.clocks.get(name, name)
        return None if found == NONE else found


def read(path: File, charts: Charts) -> Migration:
    """Read the migration in `path` between two of `charts`.  Raises WorkflowError with every fault found."""
    source = path.read_bytes()
    try:
        root, marks = load(source, path.name)
    except ValueError as unreadable:
        raise WorkflowError([str(unreadable)]) from None
    reading = Reading()
    top = reading.table(root, (), TOP)
    migration = Migration(
        workflow=reading.text(top, "workflow", ()),
        source=reading.count(top, "from", ()),
        target=reading.count(top, "to", ()),
        reason=reading.text(top, "reason", ()),
        states=_renamed(reading, top, "states"),
        clocks=_renamed(reading, top, "clocks"),
        digest=hashlib.sha256(source).hexdigest(),
        marks=marks,
    )
    faults = reading.faults or list(_gaps(migration, charts))
    if faults:
        raise WorkflowError(list(dict.fromkeys(marks.told(fault) for fault in faults)))
    return migration


def _renamed(reading: Reading, top: Mapping[str, object], part: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for old, new in reading.table(top.get(part, {}), (part,)).items():
        if isinstance(new, str) and new:
            found[old] = new
        else:
            reading.fault((part, old), "must become one word")
    return found


def _gaps(migration: Migration, charts: Charts) -> Iterator[Fault]:
    if migration.target <= migration.source:
        yield Fault(("to",), f"to: version {migration.target} is not later than {migration.source}")
        return
    ends = [("from", migration.source), ("to", migration.target)]
    unknown = [(key, version) for key, version in ends if (migration.workflow, version) not in charts]
    for key, version in unknown:
        yield Fault((key,), f"{key}: there is no {migration.workflow} version {version}")
    if unknown:
        return
    old, new = (charts[migration.workflow, version] for _, version in ends)
    yield from _unmapped("states", migration.states, old.states, new.states, migration.state)
    yield from _unmapped("clocks", migration.clocks, old.clocks, new.clocks, migration.clock)
    yield from _endings(migration, old, new)
    yield from _merged(migration, old)


def _unmapped(
    part: str,
    said: Mapping[str, str],
    old: Mapping[str, object],
    new: Mapping[str, object],
    mapped: Callable[[str], str | None],
) -> Iterator[Fault]:
    for name in said:
        if name not in old:
            yield Fault((part, name), "the old version has none of this name")
    for name in old:
        goal = mapped(name)
        if goal is not None and goal not in new:
            unsaid = "" if name in said else ", and it is not said what becomes of it"
            yield Fault((part, name), f"the new version has no {goal!r}{unsaid}")


def _endings(migration: Migration, old: Workflow, new: Workflow) -> Iterator[Fault]:
    """What has ended stays ended, and what has not does not end by being moved."""
    for name, state in old.states.items():
        goal = new.states.get(migration.state(name))
        if goal is not None and goal.final != state.final:
            yield Fault(("states", name), f"{goal.name!r} is {'' if goal.final else 'not '}final, unlike it")


def _merged(migration: Migration, old: Workflow) -> Iterator[Fault]:
    """Two running clocks cannot become one; two states can."""
    goals = [migration.clock(name) for name in old.clocks]
    for name in old.clocks:
        goal = migration.clock(name)
        if goal is not None and goals.count(goal) > 1:
            yield Fault(("clocks", name), f"another clock becomes {goal!r} too")
