"""What made-up cases say of a chart: where they end, and what nobody ever did or was refused."""

from collections.abc import Iterable, Iterator
from statistics import median

from mediation.domain.exploring import Grid
from mediation.domain.simulating import Tally
from mediation.engine.marking import Fault
from mediation.engine.workflow import Action, Workflow

INTRODUCTION = """\
# Coverage of acts

Written by `mediation workflows coverage`; do not edit. {cases} made-up cases walked along each chart. \
Of each act: from how many of its states it was done, how often, and how often it was refused to \
others (*not yours*), in other states (*not now*), and by a claim that failed (*unmet*). \
The claims in the last column never failed, or never held.

Below each table is the grid: every act was fired in every state by everybody. `+` it was done there; \
`±` it was done, and refused by a claim that did not hold; `·` it was refused as not possible there; `?` not \
all of that was tried. Beside it: the roles to which it was refused everywhere, and its claims that failed.
"""


def summary(workflow: Workflow, tally: Tally) -> Iterator[str]:
    """What `mediation workflows simulate` prints of one chart."""
    acts = f"median {median(tally.acts):g} acts a case"
    yield f"{workflow.name} version {workflow.version}: {len(tally.acts)} cases, {acts}"
    for state, count in sorted(tally.ended.items(), key=lambda row: (-row[1], row[0])):
        yield f"  {count:6} {state}"
    done = {act for act, _ in tally.done}
    yield _listed("acts never done", [act for act in workflow.actions if act not in done])
    yield _listed("states never reached", [state for state in workflow.states if state not in tally.states])
    never = [f"{a}/{g}" for a, g in _claims(workflow) if not tally.failed[a, g]]
    yield _listed("refusals never heard", never)
    yield _listed("stuck", [f"case {number} in {state}" for number, state in tally.stuck])


def doubtful(workflow: Workflow, tally: Tally) -> Iterator[tuple[str, str]]:
    """The claims, an act and its guard, that always or never held in what was walked so far."""
    for act, guard in _claims(workflow):
        if _doubt(tally.held[act, guard], tally.failed[act, guard]):
            yield act, guard


def doubts(workflow: Workflow, tally: Tally, claims: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What is wrong with each of the `claims` that nothing could make hold, or fail."""
    for act, guard in claims:
        said = _doubt(tally.held[act, guard], tally.failed[act, guard])
        what = f"{guard} {said}, whatever was tried: it says nothing, or something that it needs is missing"
        yield workflow.marks.told(Fault(("actions", act, "when", guard), what))


def _doubt(held: int, failed: int) -> str:
    if not held and not failed:
        return "was never asked"
    return "never failed" if not failed else "never held" if not held else ""


def page(walked: list[tuple[Workflow, Tally, Grid]], cases: int) -> str:
    """The table and the grid of every chart, in Markdown."""
    parts = [INTRODUCTION.format(cases=cases)]
    for workflow, tally, grid in walked:
        rows = "".join(f"{_row(action, tally)}\n" for action in workflow.actions.values())
        parts.append(
            f"\n## `{workflow.name}`, version {workflow.version}\n\n"
            "| act | states | done | not yours | not now | unmet | never failed, never held |\n"
            "|---|---|---|---|---|---|---|\n" + rows + "\n" + "".join(_grid(workflow, grid))
        )
    return "".join(parts)


def _grid(workflow: Workflow, grid: Grid) -> Iterator[str]:
    """Acts down, states across by their numbers."""
    numbers = range(1, len(workflow.states) + 1)
    names = (f"{number} {state}" for number, state in zip(numbers, workflow.states, strict=True))
    yield f"States: {', '.join(names)}.\n\n"
    yield f"| act | {' | '.join(map(str, numbers))} | not yours | unmet |\n"
    yield f"|---|{'---|' * (len(workflow.states) + 2)}\n"
    for action in workflow.actions.values():
        cells = (grid.cell(action, state) for state in workflow.states)
        others = ", ".join(grid.never(action, workflow))
        failed = ", ".join(f"`{one.guard}`" for one in action.when if (action.name, one.guard) in grid.failed)
        yield f"| `{action.name}` | {' | '.join(cells)} | {others} | {failed} |\n"


def _row(action: Action, tally: Tally) -> str:
    states = {state for act, state in tally.done if act == action.name}
    times = sum(count for (act, _), count in tally.done.items() if act == action.name)
    refused = [tally.refused[action.name, code] for code in ("not_yours", "not_now", "unmet")]
    odd = [
        f"`{one.guard}`"
        for one in action.when
        if _doubt(tally.held[action.name, one.guard], tally.failed[action.name, one.guard])
    ]
    cells = (
        f"`{action.name}`", f"{len(states)} of {len(action.sources)}", times, *refused, ", ".join(odd)
    )  # fmt: skip
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _claims(workflow: Workflow) -> Iterator[tuple[str, str]]:
    for action in workflow.actions.values():
        yield from ((action.name, condition.guard) for condition in action.when)


def _listed(title: str, found: list[str]) -> str:
    return f"  {title}: {', '.join(found) if found else 'none'}"
