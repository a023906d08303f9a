"""Who works here."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mediation.store.models.base import Base, Id


class Person(Base):
    """A member of staff with one role.  `session_key` changes with the password and ends old sessions."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    phone: Mapped[str]
    password: Mapped[str]
    session_key: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (CheckConstraint("role in ('clerk', 'mediator', 'admin')", name="role"),)
