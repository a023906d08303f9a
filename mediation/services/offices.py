"""What every service of one installation needs, in one hand."""

from dataclasses import dataclass
from pathlib import Path

from mediation.domain.organisation import Organisation
from mediation.engine.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Office:
    """The charts, the organisation, and the folder for files and keys."""

    catalogue: Catalogue
    organisation: Organisation
    instance: Path

    @property
    def papers(self) -> Path:
        """Where made documents lie, named by their SHA-256."""
        return self.instance / "papers"

    @property
    def keys(self) -> Path:
        """Where the local certificate authority lies."""
        return self.instance / "keys"
