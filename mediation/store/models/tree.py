"""The district's tree over all entries, and what of it was told to the outside."""

from datetime import datetime

from sqlalchemy import BigInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mediation.store.models.base import Base, Id, Moment


class Leaf(Base):
    """The place of one entry in the order of all entries, never changed afterwards.

    With a `case_id` below zero it is that of a security event at the end of its chain (-1 - chain).
    No foreign key: the tree must be able to know of an entry that somebody has taken away.
    """

    __tablename__ = "leaves"

    position: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(BigInteger)
    entry: Mapped[int]
    hash: Mapped[str]

    __table_args__ = (UniqueConstraint("case_id", "entry"),)


class FrontierRow(Base):
    """What the tree needs to grow by one more leaf; can be dropped and rebuilt from the leaves."""

    __tablename__ = "frontier"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger)
    peaks: Mapped[str] = mapped_column(Text)


class Node(Base):
    """The root of the complete part of the tree that is `place`-th among those 2 ** `height` leaves wide.

    Only every eighth height is kept; can be dropped and rebuilt from the leaves.
    """

    __tablename__ = "nodes"

    height: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    hash: Mapped[str]


class Anchor(Base):
    """The root of the tree when it had `size` leaves, never changed afterwards.

    `signature` is the organisation's, in base 64; anchors of before decision 0012's second part have none.
    """

    __tablename__ = "anchors"

    number: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)
    signature: Mapped[str | None] = mapped_column(Text)


class Delivery(Base):
    """That an anchor has reached a target: the file, the auditor's mailbox, the time-stamping authority.

    What is not here has not arrived and is tried again.
    """

    __tablename__ = "deliveries"

    anchor: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    target: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
