"""Money and counts that cannot be changed, and the totals written beside them."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from mediation.store.models.base import Base, Id

AGREED = text("debit = 'owed' AND credit = 'agreed'")
"""Lines of the book "agreed", in the very words of an index: no other would be recognised."""


class LedgerLine(Base):
    """One double entry: `amount` moves from the account `credit` to the account `debit`.

    `unit` is fen, case or person.  A correction is a line with debit and credit exchanged that
    names the one it `reverses`.  Opening lines belong to no case and name their `source`.
    """

    __tablename__ = "ledger"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int | None]
    entry: Mapped[int | None]
    debit: Mapped[str]
    credit: Mapped[str]
    unit: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    subdistrict: Mapped[str | None]
    worker: Mapped[int | None]
    head: Mapped[str | None]
    on_day: Mapped[date]
    source: Mapped[str | None]
    reverses: Mapped[int | None] = mapped_column(ForeignKey("ledger.id"), unique=True)

    __table_args__ = (
        ForeignKeyConstraint(["case_id", "entry"], ["entries.case_id", "entries.number"]),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("debit <> credit", name="accounts"),
        CheckConstraint("unit in ('fen', 'case', 'person')", name="unit"),
        CheckConstraint("entry is not null or source is not null", name="reason"),
        Index("ix_ledger_case_id_entry", "case_id", "entry"),
        Index("ix_ledger_on_day", "on_day"),
        # By head, how many cases agreed on something under it: a page asks.
        Index(
            "ix_ledger_agreed_head_case_id", "head", "case_id", sqlite_where=AGREED, postgresql_where=AGREED
        ),
    )


class Total(Base):
    """The running sum of one measure, place, month and head, in 16 shards so that writers do not queue.

    Written in the same transaction as the line, and taken over into `FoldedTotal` now and then: what
    was posted is the sum of both.  Both can be dropped and rebuilt from the ledger.
    """

    __tablename__ = "totals"

    measure: Mapped[str] = mapped_column(primary_key=True)
    subdistrict: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    head: Mapped[str] = mapped_column(primary_key=True)
    shard: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)


class FoldedTotal(Base):
    """Sums that were taken over from `totals`: `level` 'cell' by place, month and head together.

    At the levels 'subdistrict', 'month' and 'head' by that one alone, the others empty: the few rows
    that a page needs, however many cases there are.
    """

    __tablename__ = "folded_totals"

    level: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    subdistrict: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    head: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
