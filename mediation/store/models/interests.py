"""What mediators declare about themselves."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mediation.store.models.base import Base, Id, Moment


class Interest(Base):
    """That a member of staff is close to a firm or to somebody, or that this is over.

    Rows are only added: one that `withdraws` another says that the other does not hold any more.
    """

    __tablename__ = "interests"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    uscc: Mapped[str | None]
    withdraws: Mapped[int | None] = mapped_column(ForeignKey("interests.id"), unique=True)
    at: Mapped[datetime] = mapped_column(Moment)
