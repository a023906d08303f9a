"""What made-up cases hardly ever come to in a chart, or never, each with the reason why it stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mediation.engine.catalogue import Catalogue
from mediation.engine.deciding import Engine
from mediation.engine.loading import Reading
from mediation.engine.marking import load
from mediation.engine.refusals import WorkflowError

LIST = "_rare.yaml"
"""Beside the charts: chart → act and guard, or act "in" state → why.  Charts not there are skipped."""


@dataclass(frozen=True, slots=True)
class Rare:
    """Claims (act, guard) that hardly ever fail or hold, and cells (act, state) that never come about."""

    claims: frozenset[tuple[str, str]] = frozenset()
    cells: frozenset[tuple[str, str]] = frozenset()


def exceptions(folder: Path, catalogue: Catalogue) -> Mapping[str, Rare]:
    """What is listed of each chart.  Raises WorkflowError with everything wrong with the list."""
    place = folder / LIST
    found: defaultdict[str, Rare] = defaultdict(Rare)
    if not place.exists():
        return found
    try:
        root, marks = load(place.read_bytes(), LIST)
    except ValueError as unreadable:
        raise WorkflowError([str(unreadable)]) from None
    reading = Reading()
    known = _known(catalogue)
    table = reading.table(root, ())
    for chart in table:
        rows = reading.table(table[chart], (chart,))
        for said in rows:
            reading.text(rows, said, (chart,))
            if chart in known and said not in known[chart]:
                reading.fault((chart, said), f"no act of {chart} has the claim or the state {said!r}")
        found[chart] = _sorted(rows)
    if reading.faults:
        raise WorkflowError(list(dict.fromkeys(marks.told(fault) for fault in reading.faults)))
    return found


def _sorted(rows: Iterable[str]) -> Rare:
    """Rows by their kind: "act guard", or "act in state"."""
    words = [row.split() for row in rows]
    claims = frozenset((one[0], one[1]) for one in words if len(one) == 2)
    return Rare(claims, frozenset((one[0], one[2]) for one in words if len(one) == 3))


def _known(catalogue: Catalogue) -> Mapping[str, set[str]]:
    """The rows that there may be, by any version of each chart."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for engine in catalogue:
        found[engine.workflow.name] |= set(_rows(engine))
    return found


def _rows(engine: Engine) -> Iterable[str]:
    for action in engine.workflow.actions.values():
        yield from (f"{action.name} {one.guard}" for one in action.when)
        yield from (f"{action.name} in {state}" for state in action.sources)
