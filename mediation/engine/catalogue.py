"""Every workflow version that cases run on, read once and ready to decide."""

from collections.abc import Iterator
from pathlib import Path

from mediation.engine.asking import Registry
from mediation.engine.deciding import Engine
from mediation.engine.loading import read
from mediation.engine.refusals import WorkflowError


class Catalogue:
    """Engines by workflow name and version."""

    def __init__(self, engines: list[Engine]) -> None:
        self._engines = {(e.workflow.name, e.workflow.version): e for e in engines}

    def __getitem__(self, key: tuple[str, int]) -> Engine:
        return self._engines[key]

    def __iter__(self) -> Iterator[Engine]:
        return iter(self._engines.values())

    def newest(self, name: str) -> Engine:
        """The engine that a new case of workflow `name` starts on.  Raises KeyError."""
        versions = [version for known, version in self._engines if known == name]
        if not versions:
            raise KeyError(name)
        return self._engines[name, max(versions)]


def files(folder: Path) -> list[Path]:
    """The workflow files of `folder`: every YAML file but those that begin with an underscore."""
    return sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("_"))


def gather(folder: Path, registry: Registry) -> Catalogue:
    """Read every workflow file in `folder`.  Raises WorkflowError with the faults of all of them."""
    engines: list[Engine] = []
    faults: list[str] = []
    seen: dict[tuple[str, int], str] = {}
    for path in files(folder):
        try:
            workflow = read(path, registry)
        except WorkflowError as error:
            faults += error.faults
            continue
        key = (workflow.name, workflow.version)
        if key in seen:
            faults.append(f"{path.name}: is {key[0]} version {key[1]}, and so is {seen[key]}")
        seen[key] = path.name
        engines.append(Engine(workflow, registry))
    if not engines and not faults:
        faults.append(f"{folder.name}: no workflow file")
    if faults:
        raise WorkflowError(faults)
    return Catalogue(engines)
