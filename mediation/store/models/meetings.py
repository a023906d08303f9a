"""What is said in a meeting, in which room, and who may open it."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mediation.store.models.base import Base, Id, Moment


class Compartment(Base):
    """One audience of a case: its own count of messages, and the key that opens them, wrapped.

    `holder` is whose it is: the mediator of a private talk or of the team's notes, whoever wrote his
    drafts, nobody ("") for the joint room.  `last` is the number of its newest message.
    """

    __tablename__ = "compartments"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    audience: Mapped[str]
    holder: Mapped[str] = mapped_column(default="", server_default="")
    last: Mapped[int] = mapped_column(default=0, server_default="0")
    key: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("case_id", "audience", "holder"),)


class Message(Base):
    """One message; `audience` is decided by the server when it is accepted and never changes.

    `sealed` opens with the key of its compartment (case, audience, holder) alone.  `body` is what was
    said in the joint room before there were compartments; it is empty since.
    """

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
    holder: Mapped[str] = mapped_column(default="", server_default="")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("case_id", "audience", "number"),)


class Talk(Base):
    """Where the mediator talks from `since` on, until the next one; one that was stopped in time never was.

    `meeting` is the number of the entry that opened the meeting it belongs to, 0 where none was opened.
    `minutes` is about how long he expects it to take: what whoever waits is told.
    """

    __tablename__ = "talks"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    meeting: Mapped[int]
    room: Mapped[str]
    asked: Mapped[datetime] = mapped_column(Moment)
    since: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str]
    minutes: Mapped[int | None]

    __table_args__ = (UniqueConstraint("case_id", "since"),)


class Stop(Base):
    """Somebody asked, before a talk began, that it should not begin yet."""

    __tablename__ = "stops"

    talk_id: Mapped[int] = mapped_column(ForeignKey("talks.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    role: Mapped[str]
    by: Mapped[str]


class Draft(Base):
    """What somebody has written for one audience and not said: nobody else ever reads it."""

    __tablename__ = "drafts"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    actor_id: Mapped[str] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
