"""Where people can be reached: mail addresses of parties, and the register of employers' contacts.

All three tables can be added to and nothing else: an address that changes is a row more.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mediation.store.models.base import Base, Id, Moment


class MailAddress(Base):
    """A mail address that a party has from `at` on; an empty one: it wants no mail any more."""

    __tablename__ = "mail_addresses"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("parties.id"), index=True)
    address: Mapped[str]
    given_by: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)


class Contact(Base):
    """One way to reach an employer, by its name and its registration number where that is known."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    employer: Mapped[str] = mapped_column(index=True)
    uscc: Mapped[str | None] = mapped_column(index=True)
    kind: Mapped[str]
    value: Mapped[str] = mapped_column(index=True)
    role: Mapped[str]
    given_by: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (CheckConstraint("kind in ('phone', 'email', 'post')", name="kind"),)


class ContactEvent(Base):
    """That a contact was verified, did not work, or is out of use; `how` is a word of the vocabulary."""

    __tablename__ = "contact_events"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    what: Mapped[str]
    how: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (CheckConstraint("what in ('verified', 'bounced', 'retired')", name="what"),)
