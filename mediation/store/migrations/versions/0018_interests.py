"""What mediators declare: firms and people whose cases they must not mediate."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "interests",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("uscc", sa.String(), nullable=True),
        sa.Column("withdraws", ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_interests_person_id_people")),
        sa.ForeignKeyConstraint(
            ["withdraws"], ["interests.id"], name=op.f("fk_interests_withdraws_interests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interests")),
        sa.UniqueConstraint("withdraws", name=op.f("uq_interests_withdraws")),
    )
    op.create_index(op.f("ix_interests_person_id"), "interests", ["person_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER interests_no_{deed} BEFORE {deed} ON interests "
                "BEGIN SELECT RAISE(ABORT, 'interests is append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER interests_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON interests "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    )


def downgrade() -> None:
    op.drop_table("interests")  # and its triggers and indexes with it
