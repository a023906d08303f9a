"""Who acts for a party of a case: his name and phone, which the log never holds."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mediation.store.models.base import Base, Id
from mediation.store.models.cases import Case


class AgentSide(Base):
    """On which side of a case a phone acts: on one for ever, whoever names it."""

    __tablename__ = "agent_sides"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    phone: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str]

    __table_args__ = (
        UniqueConstraint("case_id", "phone", "side"),
        CheckConstraint("side in ('worker', 'employer')", name="side"),
    )


class Agent(Base):
    """Somebody who was named to act for a party.  `ref` is that of his authority, which the facts have.

    `key` opens the case from the link in a notice; `language` is that of the texts he gets.
    """

    __tablename__ = "agents"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    side: Mapped[str]
    seat: Mapped[int]
    name: Mapped[str]
    phone: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(server_default="zh", default="zh")

    case: Mapped[Case] = relationship(back_populates="agents")

    __table_args__ = (
        ForeignKeyConstraint(
            ["case_id", "phone", "side"],
            ["agent_sides.case_id", "agent_sides.phone", "agent_sides.side"],
            name="fk_agents_agent_sides",
        ),
    )
