"""A line that reverses another is never reversed itself, whoever asks: what is right is posted anew."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER ledger_no_second_reversal BEFORE INSERT ON ledger WHEN NEW.reverses IS NOT NULL "
            "AND EXISTS (SELECT 1 FROM ledger WHERE id = NEW.reverses AND reverses IS NOT NULL) "
            "BEGIN SELECT RAISE(ABORT, 'a reversing line is not reversed'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION no_second_reversal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM ledger WHERE id = NEW.reverses AND reverses IS NOT NULL) THEN "
        "RAISE EXCEPTION 'a reversing line is not reversed'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_no_second_reversal BEFORE INSERT ON ledger FOR EACH ROW "
        "WHEN (NEW.reverses IS NOT NULL) EXECUTE FUNCTION no_second_reversal()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER ledger_no_second_reversal")
        return
    op.execute("DROP TRIGGER ledger_no_second_reversal ON ledger")
    op.execute("DROP FUNCTION no_second_reversal()")
