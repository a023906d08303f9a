"""Who typed an application, as a fingerprint of his phone; cases of the last days by when they came."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("filer", sa.String(), nullable=True))
    op.create_index("ix_cases_filer_received_at", "cases", ["filer", "received_at"])
    op.create_index("ix_cases_received_at", "cases", ["received_at"])


def downgrade() -> None:
    op.drop_index("ix_cases_received_at", "cases")
    op.drop_index("ix_cases_filer_received_at", "cases")
    op.drop_column("cases", "filer")
