"""Messages that leave the house, and one-time codes."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from mediation.store.models.base import Base, Id, Moment


class OutgoingNotice(Base):
    """The outbox: written with what it announces, sent after the commit, to whoever is right then."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    entry: Mapped[int]
    audience: Mapped[str]
    seat: Mapped[int | None]
    template: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        ForeignKeyConstraint(["case_id", "entry"], ["entries.case_id", "entries.number"]),
        Index("ix_outbox_sent_at", "sent_at", "id"),
    )


class SentMessage(Base):
    """A text as it was sent, to a phone or to the mail address that stands in its place.

    The development gateway shows these as an inbox page.
    """

    __tablename__ = "sent"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    phone: Mapped[str] = mapped_column(index=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class Handover(Base):
    """How far a text has come on its way to the gateway; `due_at` is empty once there is nothing to do.

    Handed over at `handed_at`, or given up for `fault` (a word of `mediation/services/relaying.py`).
    `way` is sms or email; `report` is what the gateway said later: delivered or failed.
    """

    __tablename__ = "handovers"

    message_id: Mapped[int] = mapped_column(Id, ForeignKey("sent.id"), primary_key=True, autoincrement=False)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    handed_at: Mapped[datetime | None] = mapped_column(Moment)
    fault: Mapped[str | None]
    way: Mapped[str] = mapped_column(default="sms", server_default="sms")
    report: Mapped[str | None]
    reported_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index("ix_handovers_way_due_at", "way", "due_at", "message_id"),
        Index("ix_handovers_due_at", "due_at", "message_id"),
        Index("ix_handovers_fault", "fault", "until"),
    )


class Code(Base):
    """A one-time code: only its hash, for one purpose, for minutes, for a few tries."""

    __tablename__ = "codes"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subject: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Moment)
    tries_left: Mapped[int]
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    network: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (Index("ix_codes_network", "network", "made_at"),)
