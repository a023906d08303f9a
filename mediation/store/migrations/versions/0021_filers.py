"""Who typed an application and from where its files came, as fingerprints; cases by when they came;
whether an application that was left was reminded of.
"""

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
    op.add_column("uploads", sa.Column("network", sa.String(), nullable=True))
    op.add_column("unsent_files", sa.Column("network", sa.String(), nullable=True))
    op.add_column("unsent_files", sa.Column("at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_unsent_files_network_at_size", "unsent_files", ["network", "at", "size"])
    op.add_column("unsent", sa.Column("language", sa.String(), nullable=False, server_default="zh"))
    op.add_column("unsent", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("unsent", sa.Column("link", sa.String(), nullable=True))
    op.create_index("ix_unsent_link", "unsent", ["link"])


def downgrade() -> None:
    op.drop_index("ix_unsent_link", "unsent")
    op.drop_column("unsent", "link")
    op.drop_column("unsent", "reminded_at")
    op.drop_column("unsent", "language")
    op.drop_index("ix_unsent_files_network_at_size", "unsent_files")
    op.drop_column("unsent_files", "at")
    op.drop_column("unsent_files", "network")
    op.drop_column("uploads", "network")
    op.drop_index("ix_cases_received_at", "cases")
    op.drop_index("ix_cases_filer_received_at", "cases")
    op.drop_column("cases", "filer")
