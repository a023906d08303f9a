"""What every service of one installation needs, in one hand."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from mediation.domain.anchors import AnchorTargets
from mediation.domain.organisation import Organisation
from mediation.engine.catalogue import Catalogue
from mediation.services.gateways import GatewayAddress
from mediation.services.mail import NO_MAIL, MailServer

Transaction = Callable[[], AbstractContextManager[Session]]
"""`with transaction() as session:` one piece of work."""


@dataclass(frozen=True, slots=True)
class Office:
    """The charts, the organisation, the folder for files and keys, where anchors, texts and letters go."""

    catalogue: Catalogue
    organisation: Organisation
    instance: Path
    anchors: AnchorTargets
    gateway: GatewayAddress
    mail: MailServer = NO_MAIL

    @property
    def papers(self) -> Path:
        """Where made documents lie, named by their SHA-256."""
        return self.instance / "papers"

    @property
    def evidence(self) -> Path:
        """Where what people have handed in lies, sealed, named by its SHA-256."""
        return self.instance / "evidence"

    @property
    def keys(self) -> Path:
        """Where the local certificate authority lies."""
        return self.instance / "keys"
