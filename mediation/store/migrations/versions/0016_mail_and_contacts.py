"""Mail addresses of parties, the ways and reports of what is handed over, and the register of contacts."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
HISTORY = ("mail_addresses", "contacts", "contact_events")


def upgrade() -> None:
    op.add_column("handovers", sa.Column("way", sa.String(), server_default="sms", nullable=False))
    op.add_column("handovers", sa.Column("report", sa.String(), nullable=True))
    op.add_column("handovers", sa.Column("reported_at", MOMENT, nullable=True))
    op.create_index("ix_handovers_way_due_at", "handovers", ["way", "due_at", "message_id"], unique=False)
    op.create_table(
        "mail_addresses",
        sa.Column("id", ID, nullable=False),
        sa.Column("party_id", ID, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["parties.id"], name=op.f("fk_mail_addresses_party_id_parties")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_addresses")),
    )
    op.create_index(op.f("ix_mail_addresses_party_id"), "mail_addresses", ["party_id"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", ID, nullable=False),
        sa.Column("employer", sa.String(), nullable=False),
        sa.Column("uscc", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("kind in ('phone', 'email', 'post')", name=op.f("ck_contacts_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    for column in ("employer", "uscc", "value"):
        op.create_index(op.f(f"ix_contacts_{column}"), "contacts", [column], unique=False)
    op.create_table(
        "contact_events",
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("what in ('verified', 'bounced', 'retired')", name=op.f("ck_contact_events_what")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_contact_events_contact_id_contacts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_events")),
    )
    op.create_index(op.f("ix_contact_events_contact_id"), "contact_events", ["contact_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for table in HISTORY:
            for deed in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{deed} BEFORE {deed} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    for table in HISTORY:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )


def downgrade() -> None:
    for table in ("contact_events", "contacts", "mail_addresses"):
        op.drop_table(table)  # and its triggers and indexes with it
    op.drop_index("ix_handovers_way_due_at", table_name="handovers")
    for column in ("reported_at", "report", "way"):
        op.drop_column("handovers", column)
