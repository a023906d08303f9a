"""Rooms of a meeting: who may read what is said, sealed for them alone; where the mediator talks; drafts."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
APPENDED = ("talks", "stops")
"""Where people were is never changed, as little as what was said there."""


def upgrade() -> None:
    op.create_table(
        "compartments",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False, server_default=""),
        sa.Column("last", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_compartments_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compartments")),
        sa.UniqueConstraint(
            "case_id", "audience", "holder", name=op.f("uq_compartments_case_id_audience_holder")
        ),
    )
    op.add_column("messages", sa.Column("holder", sa.String(), nullable=False, server_default=""))
    op.add_column("messages", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "talks",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("meeting", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("asked", MOMENT, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_talks_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talks")),
        sa.UniqueConstraint("case_id", "since", name=op.f("uq_talks_case_id_since")),
    )
    op.create_table(
        "stops",
        sa.Column("talk_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["talk_id"], ["talks.id"], name=op.f("fk_stops_talk_id_talks")),
        sa.PrimaryKeyConstraint("talk_id", name=op.f("pk_stops")),
    )
    op.create_table(
        "drafts",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_drafts_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "actor_id", "audience", name=op.f("pk_drafts")),
    )
    for table in APPENDED:
        _append_only(table)


def _append_only(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    )


def downgrade() -> None:
    op.drop_table("drafts")
    op.drop_table("stops")
    op.drop_table("talks")
    op.drop_column("messages", "sealed")
    op.drop_column("messages", "holder")
    op.drop_table("compartments")
