"""Anchors are signed; a paper keeps which anchor's root it shows."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("anchors", sa.Column("signature", sa.Text(), nullable=True))
    op.add_column("jobs", sa.Column("anchor", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("jobs", "anchor")
    op.drop_column("anchors", "signature")
