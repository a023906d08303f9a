"""What was written down stays: entries, ledger lines, papers and messages, whoever asks."""

import makers
import pytest
from makers import make_case
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from mediation.domain.rooms import Room
from mediation.services.meetings import say
from mediation.store.models import Case, Entry, LedgerLine, Message, Paper

KEPT = {"entries": Entry, "ledger": LedgerLine, "papers": Paper, "messages": Message}
COLUMN = {"entries": "data", "ledger": "amount", "papers": "sha256", "messages": "body"}


@pytest.fixture(autouse=True)
def one_of_each(transaction, office):
    """A row in every one of the four tables."""
    with transaction() as session:
        case = make_case(session, office, state="scheduled")
        who = makers.actor_of(session, case, "worker")
        say(session, office, case.id, who, Room.WORKER, "您好", case.moved_at)
        entry = session.scalars(select(Entry).limit(1)).one()
        paper = Paper(
            case_id=case.id, entry=entry.number, kind="agreement", number="", check_code="AAAA-BBBB"
        )
        paper.sha256 = paper.terms_digest = "0" * 64
        paper.made_at = case.moved_at
        session.add(paper)


@pytest.fixture(params=KEPT)
def table(request):
    return request.param


def refused(transaction, table, work):
    """The work is refused because the table is append-only, and nothing is changed by it."""
    with transaction() as session:
        before = makers.everything(session)
        assert before[table], "there is something to change"

    def attempt():
        with transaction() as session:
            work(session)

    with pytest.raises(DatabaseError, match=f"{table} is append-only"):
        attempt()
    with transaction() as session:
        assert makers.everything(session) == before


def test_plain_statements_change_and_delete_nothing(transaction, table):
    column = COLUMN[table]
    refused(transaction, table, lambda s: s.execute(text(f"UPDATE {table} SET {column} = {column}")))
    refused(transaction, table, lambda s: s.execute(text(f"DELETE FROM {table}")))
    refused(transaction, table, lambda s: s.execute(text(f"UPDATE {table} SET id = id WHERE id = 1")))


def test_a_row_that_is_loaded_is_neither_changed_nor_deleted(transaction, table):
    model, column = KEPT[table], COLUMN[table]

    def change(session):
        row = session.scalars(select(model).limit(1)).one()
        setattr(row, column, 4711 if column == "amount" else "changed")
        session.flush()

    def remove(session):
        session.delete(session.scalars(select(model).limit(1)).one())
        session.flush()

    refused(transaction, table, change)
    refused(transaction, table, remove)


def test_many_rows_at_once_are_neither_changed_nor_deleted(transaction, table):
    model = KEPT[table]
    refused(transaction, table, lambda s: s.execute(update(model).values(id=model.id)))
    refused(transaction, table, lambda s: s.execute(delete(model)))


def test_a_replacement_is_refused_too(transaction, table, database_kind):
    """SQLite's OR REPLACE and PostgreSQL's ON CONFLICT DO UPDATE are changes by another name."""
    columns = ", ".join(f'"{column.name}"' for column in KEPT[table].__table__.columns)
    if database_kind == "sqlite":
        statement = f"UPDATE OR REPLACE {table} SET id = id"
    else:
        statement = (
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}"
            " ON CONFLICT (id) DO UPDATE SET id = excluded.id"
        )
    refused(transaction, table, lambda s: s.execute(text(statement)))


def test_a_second_row_in_the_place_of_the_first_is_refused(transaction, table, database_kind):
    """INSERT OR REPLACE deletes the old row; SQLite tells the delete trigger only if it is asked to."""
    columns = ", ".join(f'"{column.name}"' for column in KEPT[table].__table__.columns)
    with transaction() as session:
        before = makers.everything(session)

    def replace_it():
        with transaction() as session:
            session.execute(text(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}"))

    with pytest.raises(DatabaseError):
        replace_it()
    with transaction() as session:
        assert makers.everything(session) == before


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_table_is_not_emptied(transaction, table):
    refused(transaction, table, lambda s: s.execute(text(f"TRUNCATE {table} CASCADE")))


def test_a_case_with_a_log_is_not_deleted(transaction):
    def remove():
        with transaction() as session:
            session.execute(delete(Case))

    with pytest.raises(DatabaseError):
        remove()


def test_new_rows_are_welcome(transaction, office):
    with transaction() as session:
        before = {name: len(session.scalars(select(model)).all()) for name, model in KEPT.items()}
        case = make_case(session, office, state="in_meeting")
        who = makers.actor_of(session, case, "worker")
        say(session, office, case.id, who, Room.JOINT, "您好", case.moved_at)
        after = {name: len(session.scalars(select(model)).all()) for name, model in KEPT.items()}
    assert all(after[name] > before[name] for name in ("entries", "ledger", "messages"))
