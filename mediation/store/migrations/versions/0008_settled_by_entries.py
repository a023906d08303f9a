"""A case moves with an entry, and money of a case is moved by one: whoever asks, by whatever statement."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STANDS = "OLD.head <> '' AND (NEW.revision <= OLD.revision OR NEW.head = OLD.head)"
"""An entry more is a higher revision and another head: what changes a case without them is no act.

A case that is being filed has its row before its first entry, and no head until then.
"""
SETTLED = "('agreed', 'performing', 'performed', 'breached')"
"""States that a case has only after its seal; the first two charts have the same."""
MOVES = "UPDATE OF state, revision, facts, head ON cases"
HALF = "(NEW.case_id IS NULL) <> (NEW.entry IS NULL)"
"""A foreign key over two columns is not looked at while one of them is null."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER cases_move_with_entry BEFORE {MOVES} WHEN {STANDS}"
            " BEGIN SELECT RAISE(ABORT, 'a case moves with an entry'); END"
        )
        op.execute(
            f"CREATE TRIGGER ledger_moves_with_entry BEFORE INSERT ON ledger WHEN {HALF}"
            " BEGIN SELECT RAISE(ABORT, 'money of a case moves with an entry'); END"
        )
        return
    # Looked at when the transaction ends: entry and lines are there, in whatever order they were written.
    # No WHEN, for PostgreSQL reads its text anew at each step; and the log is looked into only at a
    # settlement, in an IF of its own: beside a query the others would cost as much as one.
    op.execute(
        "CREATE FUNCTION case_moves_with_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {STANDS} THEN RAISE EXCEPTION 'a case moves with an entry'; END IF;"
        f" IF NEW.state IN {SETTLED} AND OLD.state NOT IN {SETTLED} THEN"
        " IF NOT EXISTS (SELECT 1 FROM entries JOIN ledger USING (case_id) WHERE case_id = NEW.id"
        " AND number = NEW.revision AND hash = NEW.head AND target = NEW.state AND debit = 'settled_cases')"
        " THEN RAISE EXCEPTION 'a case is settled with an entry and its lines'; END IF; END IF;"
        " RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE CONSTRAINT TRIGGER cases_move_with_entry AFTER {MOVES} DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION case_moves_with_entry()"
    )
    op.execute(
        "CREATE FUNCTION money_moves_with_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {HALF} THEN RAISE EXCEPTION 'money of a case moves with an entry'; END IF;"
        " RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_moves_with_entry BEFORE INSERT ON ledger"
        " FOR EACH ROW EXECUTE FUNCTION money_moves_with_entry()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER ledger_moves_with_entry")
        op.execute("DROP TRIGGER cases_move_with_entry")
        return
    op.execute("DROP TRIGGER ledger_moves_with_entry ON ledger")
    op.execute("DROP FUNCTION money_moves_with_entry()")
    op.execute("DROP TRIGGER cases_move_with_entry ON cases")
    op.execute("DROP FUNCTION case_moves_with_entry()")
