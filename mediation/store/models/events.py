"""What is written down for whoever looks after the house's security."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mediation.store.models.base import Base, Id, Moment


class SecurityEvent(Base):
    """Something that happened beside the cases, never changed afterwards; never a name, phone or code.

    `hash` covers the event and `before`, the hash of the event before it in the same chain.  `who` did
    it and `about` is whom it concerns, as kind and row number; `address` is a keyed hash.  No foreign
    key: an event must stand when what it tells of has been taken away.
    """

    __tablename__ = "security_events"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    chain: Mapped[int]
    number: Mapped[int]
    what: Mapped[str]
    who: Mapped[str]
    about: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)
    before: Mapped[str]
    hash: Mapped[str]

    __table_args__ = (
        UniqueConstraint("chain", "number"),
        Index("ix_security_events_who_what_at", "who", "what", "at"),
    )
