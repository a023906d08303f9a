"""What keeps pages as fast among a million cases: what cases are found by, folded totals, two indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTEWISE = sa.String().with_variant(sa.String(collation="C"), "postgresql")
LONGEST = 100
"""Characters of a name that are looked at."""


def upgrade() -> None:
    op.create_table(
        "finds",
        sa.Column("text", BYTEWISE, nullable=False),
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("text", "case_id", name=op.f("pk_finds")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "folded_totals",
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("subdistrict", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "level", "measure", "subdistrict", "month", "head", name=op.f("pk_folded_totals")
        ),
    )
    if op.get_bind().dialect.name == "sqlite":
        _find_on_sqlite()
    else:
        _find_on_postgresql()
    # Last: on PostgreSQL nobody writes to these tables from here to the commit.  And only if they are
    # missing: who cannot spare the time makes them before, CONCURRENTLY (docs/operations.md).
    agreed, not_done = sa.text("debit = 'owed' AND credit = 'agreed'"), sa.text("done_at IS NULL")
    op.create_index(
        "ix_ledger_agreed_head_case_id",
        "ledger",
        ["head", "case_id"],
        sqlite_where=agreed,
        postgresql_where=agreed,
        if_not_exists=True,
    )
    op.create_index(
        "ix_jobs_not_done",
        "jobs",
        ["id"],
        sqlite_where=not_done,
        postgresql_where=not_done,
        if_not_exists=True,
    )


def _find_on_sqlite() -> None:
    numbers = ", ".join(f"({n})" for n in range(1, LONGEST + 1))

    def endings(whose: str) -> str:
        return (
            f"SELECT lower(substr({whose}.name, column1)) FROM (VALUES {numbers})"
            f" WHERE column1 <= length({whose}.name)"
            f" UNION SELECT {whose}.phone WHERE {whose}.phone <> ''"
            f" UNION SELECT substr({whose}.phone, -4) WHERE {whose}.phone <> ''"
        )

    def numbered(where: str) -> str:
        return (
            "INSERT OR IGNORE INTO finds (text, case_id)"
            f" SELECT lower(substr(name, column1)), case_id FROM parties, (VALUES {numbers})"
            f" WHERE column1 <= length(name) AND {where}"
            f" UNION SELECT phone, case_id FROM parties WHERE phone <> '' AND {where}"
            f" UNION SELECT substr(phone, -4), case_id FROM parties WHERE phone <> '' AND {where}"
        )

    op.execute(numbered("1"))
    op.execute(
        "CREATE TRIGGER parties_found_insert AFTER INSERT ON parties BEGIN INSERT OR IGNORE INTO finds"
        f" (text, case_id) SELECT *, NEW.case_id FROM ({endings('NEW')}); END"
    )
    forget = f"DELETE FROM finds WHERE case_id = OLD.case_id AND text IN ({endings('OLD')})"
    again = f"{forget}; {numbered('case_id = OLD.case_id')}"
    op.execute(
        "CREATE TRIGGER parties_found_update AFTER UPDATE OF name, phone, case_id ON parties BEGIN"
        f" {again}; {numbered('case_id = NEW.case_id')}; END"
    )
    op.execute(f"CREATE TRIGGER parties_found_delete AFTER DELETE ON parties BEGIN {again}; END")


def _find_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION endings(name text, phone text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$"
        ' SELECT lower(substr(name, n) COLLATE "C")'
        f" FROM generate_series(1, least(length(name), {LONGEST})) n"
        " UNION SELECT phone WHERE phone <> '' UNION SELECT right(phone, 4) WHERE phone <> '' $$"
    )
    op.execute(
        "INSERT INTO finds (text, case_id)"
        " SELECT DISTINCT ending, case_id FROM parties, endings(name, phone) AS ending"
    )
    # Once for all rows of a statement: a district is brought in by COPY.
    op.execute(
        "CREATE FUNCTION find_new_parties() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        ' INSERT INTO finds (text, case_id) SELECT lower(substr(name, n) COLLATE "C"), case_id'
        f" FROM new_parties, generate_series(1, least(length(name), {LONGEST})) n"
        " UNION SELECT phone, case_id FROM new_parties WHERE phone <> ''"
        " UNION SELECT right(phone, 4), case_id FROM new_parties WHERE phone <> ''"
        " ON CONFLICT DO NOTHING; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER parties_found_insert AFTER INSERT ON parties REFERENCING NEW TABLE AS new_parties"
        " FOR EACH STATEMENT EXECUTE FUNCTION find_new_parties()"
    )
    op.execute(
        "CREATE FUNCTION find_party() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " DELETE FROM finds WHERE case_id = OLD.case_id AND text IN (SELECT endings(OLD.name, OLD.phone));"
        " INSERT INTO finds (text, case_id) SELECT ending, case_id FROM parties,"
        " endings(name, phone) AS ending WHERE case_id = OLD.case_id ON CONFLICT DO NOTHING;"
        " IF TG_OP = 'UPDATE' THEN"
        " INSERT INTO finds (text, case_id) SELECT ending, NEW.case_id"
        " FROM endings(NEW.name, NEW.phone) AS ending ON CONFLICT DO NOTHING; END IF;"
        " RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER parties_found_change AFTER DELETE OR UPDATE OF name, phone, case_id ON parties"
        " FOR EACH ROW EXECUTE FUNCTION find_party()"
    )
    # From the first trigger to the commit nobody changes a party.  Who did while all of them were read
    # is not found by his name or by his phone yet, and few are: this reads an index.
    op.execute(
        "INSERT INTO finds (text, case_id)"
        " SELECT DISTINCT ending, parties.case_id FROM parties, endings(name, phone) AS ending"
        f' WHERE NOT EXISTS (SELECT FROM finds WHERE text = lower(left(name, {LONGEST})) COLLATE "C"'
        " AND finds.case_id = parties.case_id)"
        " OR phone <> '' AND NOT EXISTS (SELECT FROM finds WHERE text = phone"
        " AND finds.case_id = parties.case_id) ON CONFLICT DO NOTHING"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER parties_found_{deed}")
    else:
        op.execute("DROP TRIGGER parties_found_insert ON parties")
        op.execute("DROP TRIGGER parties_found_change ON parties")
        op.execute("DROP FUNCTION find_new_parties()")
        op.execute("DROP FUNCTION find_party()")
        op.execute("DROP FUNCTION endings(text, text)")
    op.drop_index("ix_jobs_not_done", "jobs")
    op.drop_index("ix_ledger_agreed_head_case_id", "ledger")
    op.drop_table("folded_totals")
    op.drop_table("finds")
