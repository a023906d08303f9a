"""What posted forms were answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from mediation.store.models.base import Base, Moment


class Reply(Base):
    """The answer to one posted form, written in the transaction of what the form did.

    `name` hashes who sent it with the key of the form, `digest` all that it said; `body` is for programs.
    """

    __tablename__ = "replies"

    name: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    location: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
