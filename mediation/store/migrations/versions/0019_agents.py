"""Who acts for a party of a case; nobody ever acts for both of its sides."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "agent_sides",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.CheckConstraint("side in ('worker', 'employer')", name=op.f("ck_agent_sides_side")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_agent_sides_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "phone", name=op.f("pk_agent_sides")),
        sa.UniqueConstraint("case_id", "phone", "side", name=op.f("uq_agent_sides_case_id_phone_side")),
    )
    op.create_table(
        "agents",
        sa.Column("id", ID, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("language", sa.String(), server_default="zh", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_agents_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["case_id", "phone", "side"],
            ["agent_sides.case_id", "agent_sides.phone", "agent_sides.side"],
            name="fk_agents_agent_sides",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agents")),
        sa.UniqueConstraint("key", name=op.f("uq_agents_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_agents_ref")),
    )
    op.create_index(op.f("ix_agents_case_id"), "agents", ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_table("agents")
    op.drop_table("agent_sides")
