"""From which network a code was asked for, so that one of them cannot use up what is there for all."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("codes", sa.Column("network", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_codes_network", "codes", ["network", "made_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_codes_network", "codes")
    op.drop_column("codes", "network")
