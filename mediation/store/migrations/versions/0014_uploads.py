"""Files that come in parts, and the files of applications that are not filed yet.

What is handed in to a case needs no table: its entries say it, and they are append-only since 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("name", name=op.f("uq_uploads_name")),
    )
    op.create_index(op.f("ix_uploads_holder"), "uploads", ["holder"], unique=False)
    op.create_index(op.f("ix_uploads_at"), "uploads", ["at"], unique=False)
    op.create_table(
        "upload_parts",
        sa.Column("upload_id", ID, nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_upload_parts_upload_id_uploads"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "start", name=op.f("pk_upload_parts")),
    )
    op.create_table(
        "unsent_files",
        sa.Column("id", ID, nullable=False),
        sa.Column("unsent_id", ID, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("media", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=False),
        sa.Column("view", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unsent_id"], ["unsent.id"], name=op.f("fk_unsent_files_unsent_id_unsent"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent_files")),
        sa.UniqueConstraint("unsent_id", "digest", name=op.f("uq_unsent_files_unsent_id_digest")),
    )


def downgrade() -> None:
    op.drop_table("unsent_files")
    op.drop_table("upload_parts")
    op.drop_table("uploads")  # and its indexes with it
