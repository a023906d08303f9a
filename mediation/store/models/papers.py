"""Documents that were made, and the work of making them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mediation.store.models.base import Base, Id, Moment


class Paper(Base):
    """A registered document: exactly these bytes, by their SHA-256, never changed afterwards."""

    __tablename__ = "papers"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    entry: Mapped[int]
    kind: Mapped[str]
    number: Mapped[str]
    check_code: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    terms_digest: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        ForeignKeyConstraint(["case_id", "entry"], ["entries.case_id", "entries.number"]),
        UniqueConstraint("case_id", "entry", "kind"),
    )


_NOT_DONE = text("done_at IS NULL")


class Job(Base):
    """A document to be made: claimed with a lease, done once, tried again after a crash.

    `anchor` is the newest one when the work began: its root is printed, by whoever prints in the end.
    """

    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    entry: Mapped[int]
    kind: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Moment)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    anchor: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        ForeignKeyConstraint(["case_id", "entry"], ["entries.case_id", "entries.number"]),
        UniqueConstraint("case_id", "entry", "kind"),
        Index("ix_jobs_not_done", "id", sqlite_where=_NOT_DONE, postgresql_where=_NOT_DONE),
    )
