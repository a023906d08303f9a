"""Applications that are being filled in, so that a dropped phone loses no answer."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "unsent",
        sa.Column("id", ID, nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent")),
        sa.UniqueConstraint("browser", name=op.f("uq_unsent_browser")),
        sa.UniqueConstraint("code", name=op.f("uq_unsent_code")),
    )
    op.create_index(op.f("ix_unsent_phone"), "unsent", ["phone"], unique=False)
    op.create_index(op.f("ix_unsent_saved_at"), "unsent", ["saved_at"], unique=False)


def downgrade() -> None:
    op.drop_table("unsent")  # and its indexes with it
