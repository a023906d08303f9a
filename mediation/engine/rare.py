"""Claims of charts that made-up cases hardly ever see fail, or hold, each with the reason why it stands."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from mediation.engine.catalogue import Catalogue
from mediation.engine.loading import Reading
from mediation.engine.marking import load
from mediation.engine.refusals import WorkflowError

LIST = "_rare.yaml"
"""Beside the charts: chart → act and guard → why.  A chart that is not there is none of its business."""

Claims = frozenset[tuple[str, str]]


def exceptions(folder: Path, catalogue: Catalogue) -> Mapping[str, Claims]:
    """The listed claims of each chart.  Raises WorkflowError with everything wrong with the list."""
    place = folder / LIST
    found: defaultdict[str, Claims] = defaultdict(frozenset)
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
        claims = reading.table(table[chart], (chart,))
        for said in claims:
            act, _, guard = said.partition(" ")
            reading.text(claims, said, (chart,))
            if chart in known and (act, guard) not in known[chart]:
                reading.fault((chart, said), f"no act of {chart} has the claim {said!r}")
            found[chart] |= {(act, guard)}
    if reading.faults:
        raise WorkflowError(list(dict.fromkeys(marks.told(fault) for fault in reading.faults)))
    return found


def _known(catalogue: Catalogue) -> Mapping[str, set[tuple[str, str]]]:
    """The claims that there are, in any version of each chart."""
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for engine in catalogue:
        for action in engine.workflow.actions.values():
            found[engine.workflow.name] |= {(action.name, one.guard) for one in action.when}
    return found
