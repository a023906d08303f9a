"""Lines without a case are the opening lines, once each, to the letter, whoever asks.

An opening is added to what is published: one line more would be a larger figure.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPENINGS = (
    ("settled_before", "opening", "case", 5674),
    ("recovered_before", "opening", "fen", 170_000_000_00),
)
"""Debit, credit, unit and amount, as services/totals.py writes them."""
DAY, SOURCE = "2022-12-31", "more than 1.7亿 published in 2022"
REFUSED = "a line without a case is an opening line, and there is no other"
ALONE = "NEW.case_id IS NULL AND NEW.entry IS NULL"
"""Neither: one of the two without the other is refused by 0008."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER ledger_no_other_opening BEFORE INSERT ON ledger "
            f"WHEN {ALONE} AND NOT coalesce({_allowed()}, 0) BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION no_other_opening() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {ALONE} THEN IF NOT coalesce({_allowed()}, false) THEN RAISE EXCEPTION '{REFUSED}'; END IF; "
        "END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_no_other_opening BEFORE INSERT ON ledger FOR EACH ROW "
        "EXECUTE FUNCTION no_other_opening()"
    )


def _allowed() -> str:
    """Whether NEW is an opening line that is not there yet."""
    lines = " OR ".join(
        f"(NEW.debit = '{debit}' AND NEW.credit = '{credit}' AND NEW.unit = '{unit}'"
        f" AND NEW.amount = {amount})"
        for debit, credit, unit, amount in OPENINGS
    )
    empty = " AND ".join(f"NEW.{name} IS NULL" for name in ("subdistrict", "worker", "head", "reverses"))
    return (
        f"(({lines}) AND {empty} AND NEW.on_day = '{DAY}' AND NEW.source = '{SOURCE}'"
        " AND NOT EXISTS (SELECT 1 FROM ledger WHERE case_id IS NULL AND debit = NEW.debit))"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER ledger_no_other_opening")
        return
    op.execute("DROP TRIGGER ledger_no_other_opening ON ledger")
    op.execute("DROP FUNCTION no_other_opening()")
