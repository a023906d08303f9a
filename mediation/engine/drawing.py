"""Draw a workflow as a Mermaid chart, so that a change to it shows in a review."""

from collections.abc import Iterator

from mediation.engine.workflow import Workflow


def mermaid(workflow: Workflow) -> str:
    """The state diagram of `workflow` with its labels, as Mermaid text."""
    return "\n".join(_lines(workflow)) + "\n"


def _lines(workflow: Workflow) -> Iterator[str]:
    yield "stateDiagram-v2"
    for state in workflow.states.values():
        yield f'  state "{state.label}" as {state.name}'
    yield f"  [*] --> {workflow.initial}"
    arrows: dict[tuple[str, str], list[str]] = {}
    for action in workflow.actions.values():
        for source in workflow.states:
            if source in action.sources and action.target not in (None, source):
                arrows.setdefault((source, str(action.target)), []).append(action.label)
    for (source, target), labels in arrows.items():
        yield f"  {source} --> {target}: {' / '.join(labels)}"
    for state in workflow.states.values():
        if state.final:
            yield f"  {state.name} --> [*]"
