"""What is known of each text on its way to the gateway that sends it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column(
            "message_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["sent.id"], name=op.f("fk_handovers_message_id_sent")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_handovers")),
    )
    op.create_index("ix_handovers_due_at", "handovers", ["due_at", "message_id"], unique=False)
    op.create_index("ix_handovers_fault", "handovers", ["fault", "until"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_handovers_fault", table_name="handovers")
    op.drop_index("ix_handovers_due_at", table_name="handovers")
    op.drop_table("handovers")
