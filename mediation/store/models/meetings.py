"""What is said in a meeting."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mediation.store.models.base import Base, Id, Moment


class Message(Base):
    """One message; `audience` is decided by the server when it is accepted and never changes."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    audience: Mapped[str]
    role: Mapped[str]
    actor_id: Mapped[str]
    name: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)
    body: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("case_id", "audience", "number"),)
