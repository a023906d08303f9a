"""Numbers without gaps."""

from sqlalchemy.orm import Mapped, mapped_column

from mediation.store.models.base import Base


class Sequence(Base):
    """The last number given out under a name (such as a year's case numbers)."""

    __tablename__ = "sequences"

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
