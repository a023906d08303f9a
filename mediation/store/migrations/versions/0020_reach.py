"""How a worker can be called: when, and who else may be rung."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("parties", sa.Column("reach", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("parties", "reach")
