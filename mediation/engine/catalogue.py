"""Every workflow version that cases run on, read once and ready to decide."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from mediation.engine import migrating
from mediation.engine.asking import Registry
from mediation.engine.deciding import Engine
from mediation.engine.freezing import published, thawed
from mediation.engine.loading import read
from mediation.engine.marking import Fault
from mediation.engine.migrating import Migration
from mediation.engine.refusals import WorkflowError
from mediation.engine.workflow import Workflow

MIGRATIONS = "migrations"
"""The folder beside the charts that holds the written migrations."""

Charts = dict[tuple[str, int], Workflow]


class Catalogue:
    """Engines by workflow name and version, and the migrations between versions."""

    def __init__(self, engines: list[Engine], migrations: Sequence[Migration] = ()) -> None:
        self._engines = {(e.workflow.name, e.workflow.version): e for e in engines}
        self._migrations = {(m.workflow, m.source, m.target): m for m in migrations}

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

    def migration(self, name: str, source: int, target: int) -> Migration:
        """The written way from one version to another.  Raises KeyError."""
        return self._migrations[name, source, target]


def files(folder: Path) -> list[Path]:
    """The workflow files of `folder`: every YAML file but those that begin with an underscore."""
    return sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("_"))


def gather(folder: Path, registry: Registry) -> Catalogue:
    """Read every workflow and migration in `folder`.  Raises WorkflowError with the faults of all of them."""
    faults: list[str] = []
    charts = _charts(folder, registry, faults)
    try:
        faults += thawed(published(folder), charts.values())
    except WorkflowError as error:
        faults += error.faults
    migrations = _migrations(folder, charts, faults)
    if faults:
        raise WorkflowError(faults)
    return Catalogue([Engine(workflow, registry) for workflow in charts.values()], migrations)


def _charts(folder: Path, registry: Registry, faults: list[str]) -> Charts:
    found: Charts = {}
    for path in files(folder):
        try:
            workflow = read(path, registry)
        except WorkflowError as error:
            faults += error.faults
            continue
        first = found.setdefault((workflow.name, workflow.version), workflow)
        if first is not workflow:
            what = f"is {workflow.name} version {workflow.version}, and so is {first.marks.file}"
            faults.append(workflow.marks.told(Fault(("version",), what)))
    if not found and not faults:
        faults.append(f"{folder.name}: no workflow file")
    return found


def _migrations(folder: Path, charts: Charts, faults: list[str]) -> list[Migration]:
    found: dict[tuple[str, int, int], Migration] = {}
    for path in sorted((folder / MIGRATIONS).glob("*.yaml")):
        try:
            migration = migrating.read(path, charts)
        except WorkflowError as error:
            faults += error.faults
            continue
        key = (migration.workflow, migration.source, migration.target)
        first = found.setdefault(key, migration)
        if first is not migration:
            what = f"goes from {key[1]} to {key[2]}, and so does {first.marks.file}"
            faults.append(migration.marks.told(Fault(("to",), what)))
    return list(found.values())
