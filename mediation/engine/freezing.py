"""Published versions: a file whose digest stands in the list is never edited again."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mediation.engine.refusals import WorkflowError
from mediation.engine.workflow import Workflow

LIST = "published.txt"
"""Beside the charts: a line for each published version, its name, its version and its SHA-256."""

Key = tuple[str, int]


class AlreadyPublished(Exception):
    """This version stands in the list; a change of it needs a new version."""


def published(folder: Path) -> Mapping[Key, str]:
    """Name and version → the digest that was published.  Raises WorkflowError for a list with faults."""
    found: dict[Key, str] = {}
    faults: list[str] = []
    for number, line in enumerate(_lines(folder), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if not _sound(words):
            faults.append(f"{LIST}:{number}: must be a name, a version and a SHA-256")
        elif (words[0], int(words[1])) in found:
            faults.append(f"{LIST}:{number}: {words[0]} version {words[1]} stands here twice")
        else:
            found[words[0], int(words[1])] = words[2]
    if faults:
        raise WorkflowError(faults)
    return found


def thawed(listed: Mapping[Key, str], workflows: Iterable[Workflow]) -> Iterator[str]:
    """Yield a sentence for each published version that is no longer as it was published."""
    there = {(workflow.name, workflow.version): workflow for workflow in workflows}
    for key, digest in listed.items():
        name, version = key
        if key not in there:
            yield f"{LIST}: {name} version {version} was published, and no sound file holds it"
        elif there[key].digest != digest:
            yield (
                f"{there[key].marks.file}: {name} version {version} was published with SHA-256 {digest}"
                f" and now has {there[key].digest}: a change needs a new version"
            )


def publish(folder: Path, workflow: Workflow) -> None:
    """Add a version to the list, for good.  Raises AlreadyPublished, and WorkflowError as `published`."""
    if (workflow.name, workflow.version) in published(folder):
        raise AlreadyPublished(f"{workflow.name} version {workflow.version}")
    with (folder / LIST).open("a", encoding="utf-8") as out:
        out.write(f"{workflow.name} {workflow.version} {workflow.digest}\n")


def _lines(folder: Path) -> list[str]:
    place = folder / LIST
    return place.read_text("utf-8").splitlines() if place.exists() else []


def _sound(words: list[str]) -> bool:
    return (
        len(words) == 3
        and words[1].isascii()
        and words[1].isdigit()
        and len(words[2]) == 64
        and set(words[2]) <= set("0123456789abcdef")
    )
