"""Somebody who owns the database: the guards dropped, rows rewritten, an older state put back."""

from sqlalchemy import delete, insert, select, text

from mediation.services import auditing
from mediation.services.casework import hashed
from mediation.services.findings import status
from mediation.store import tree
from mediation.store.models import Anchor, Base, Case, Entry, FrontierRow, Leaf
from mediation.store.steps import EntryRow


def drop_guards(session):
    """No trigger refuses anything any more."""
    if session.get_bind().dialect.name == "sqlite":
        for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f"DROP TRIGGER {name}"))
    else:
        for name in ("append_only", "case_moves_with_entry", "money_moves_with_entry"):
            session.execute(text(f"DROP FUNCTION {name}() CASCADE"))


def audited(session, office, at):
    """The status of the command, and its sentences."""
    found = [*auditing.examine(session, office, at)]
    return status(found), [finding.sentence for finding in found]


def rows(session):
    """Every row of every table."""
    return {t.name: [dict(row._mapping) for row in session.execute(select(t))] for t in _tables()}


def put_back(session, kept):
    """Make the database what it was when `kept` was taken."""
    for table in reversed(_tables()):
        session.execute(delete(table))
    for table in _tables():
        if kept[table.name]:
            session.execute(insert(table), kept[table.name])


def _tables():
    return Base.metadata.sorted_tables


def rewrite(session, case_id, number, **changes):
    """Change an entry and every hash of its chain after it, so that the chain is sound again."""
    before = ""
    for entry in session.scalars(select(Entry).where(Entry.case_id == case_id).order_by(Entry.number)):
        if entry.number == number:
            for column, value in changes.items():
                setattr(entry, column, value)
        entry.before = before
        entry.hash = before = hashed(EntryRow(*(getattr(entry, c) for c in EntryRow._fields))).hash
    session.get_one(Case, case_id).head = before
    session.flush()


def rewrite_tree(session):
    """Make leaves, frontier and the anchors of the table fit the entries as they are now."""
    grown = tree.Frontier()
    roots = {}
    for leaf in session.scalars(select(Leaf).order_by(Leaf.position)):
        if leaf.case_id > 0:
            query = select(Entry.hash).where(Entry.case_id == leaf.case_id, Entry.number == leaf.entry)
            leaf.hash = session.scalars(query).one()
        grown.add(tree.leaf(leaf.case_id, leaf.entry, leaf.hash))
        roots[grown.size] = grown.root.hex()
    kept = session.get_one(FrontierRow, 1)
    kept.peaks = b"".join(grown.peaks).hex()
    for anchor in session.scalars(select(Anchor)):
        anchor.root = roots[anchor.size]
    session.flush()
