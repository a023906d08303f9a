"""When the system has something to do with a case, and which worker is about to do it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not batched: that would copy the table, and other tables point at cases.
    op.add_column("cases", sa.Column("wakes_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_cases_wakes_at", "cases", ["wakes_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_cases_wakes_at", "cases")
    op.drop_column("outbox", "not_before")
    op.drop_column("cases", "leased_until")
    op.drop_column("cases", "wakes_at")
