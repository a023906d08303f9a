"""Nodes of the tree, so that a proof need not hash every leaf; the regular work fills them in."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nodes",
        sa.Column("height", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("height", "place", name=op.f("pk_nodes")),
    )


def downgrade() -> None:
    op.drop_table("nodes")
