"""The language in which a party is written to."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("parties", sa.Column("language", sa.String(), server_default="zh", nullable=False))


def downgrade() -> None:
    op.drop_column("parties", "language")
