"""A case, the people of its two sides, and its log."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mediation.store.models.base import Base, Bytewise, Id, Moment

if TYPE_CHECKING:
    from mediation.store.models.agents import Agent


class Case(Base):
    """One dispute.  `facts` is the fold of its entries; `revision` counts them; `head` is their last hash.

    `wakes_at` is the moment from which the system has something to do with it, a fold of the facts
    too; `leased_until` keeps two workers from taking it up at once.  `filer` is the fingerprint of the phone
    from which an application came that was made online.
    Only `services.casework.record` changes state, revision, facts and head.
    """

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str | None] = mapped_column(unique=True)
    workflow: Mapped[str]
    workflow_version: Mapped[int]
    state: Mapped[str]
    revision: Mapped[int]
    facts: Mapped[str] = mapped_column(Text)
    head: Mapped[str]
    subdistrict: Mapped[str]
    employer_name: Mapped[str]
    story: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime | None] = mapped_column(Moment)
    moved_at: Mapped[datetime] = mapped_column(Moment)
    due_on: Mapped[date | None]
    wakes_at: Mapped[datetime | None] = mapped_column(Moment)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    mediator_id: Mapped[str | None]
    filer: Mapped[str | None]

    parties: Mapped[list["Party"]] = relationship(
        back_populates="case", order_by="(Party.side.desc(), Party.seat)"
    )
    log: Mapped[list["Entry"]] = relationship(back_populates="case", order_by="Entry.number")
    agents: Mapped[list["Agent"]] = relationship(back_populates="case", order_by="Agent.id")

    __table_args__ = (
        Index("ix_cases_state_due_on", "state", "due_on"),
        Index("ix_cases_mediator_id_state_due_on", "mediator_id", "state", "due_on"),
        Index("ix_cases_wakes_at", "wakes_at", "id"),
        Index("ix_cases_filer_received_at", "filer", "received_at"),
        Index("ix_cases_received_at", "received_at"),
    )


class Party(Base):
    """One person or firm of a case.  `key` opens the case from the link in a notice.

    `language` is that of the texts and letters it gets, `reach` how a worker can be called, as JSON of
    `domain.reach.Reach`.
    """

    __tablename__ = "parties"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    side: Mapped[str]
    seat: Mapped[int]
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(index=True)
    group: Mapped[str | None]
    uscc: Mapped[str | None]
    contact: Mapped[str | None]
    key: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(server_default="zh", default="zh")
    reach: Mapped[str | None]

    case: Mapped[Case] = relationship(back_populates="parties")

    __table_args__ = (
        UniqueConstraint("case_id", "side", "seat"),
        CheckConstraint("side in ('worker', 'employer')", name="side"),
    )


class Find(Base):
    """By what a case is found: each ending of a name, a phone, and a phone's last four digits.

    Written by triggers on `parties` alone; can be dropped and rebuilt from there.
    """

    __tablename__ = "finds"

    text: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)

    __table_args__ = ({"sqlite_with_rowid": False},)


class Entry(Base):
    """One thing that happened, never changed afterwards.

    `hash` covers the entry and `before`, the hash of the entry before it in the same case.
    `authority` says how the actor had shown who he is; it is empty where that was not kept yet.
    """

    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    action: Mapped[str]
    source: Mapped[str]
    target: Mapped[str]
    role: Mapped[str]
    actor_id: Mapped[str]
    seat: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    data: Mapped[str] = mapped_column(Text)
    before: Mapped[str]
    hash: Mapped[str]
    authority: Mapped[str] = mapped_column(server_default="")

    case: Mapped[Case] = relationship(back_populates="log")

    __table_args__ = (UniqueConstraint("case_id", "number"),)
