"""Find the data folders that lie beside the package in a checkout and inside it once installed."""

from importlib.resources import files
from pathlib import Path


def folder(name: str) -> Path:
    """Return the folder `name` (`templates`, `workflows`) of this installation."""
    packaged = Path(str(files("mediation"))) / name
    return packaged if packaged.is_dir() else Path(__file__).parents[1] / name
