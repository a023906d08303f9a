"""The accounts of the ledger: which two a posting moves between, and in what unit."""

from dataclasses import dataclass

SHARDS = 16
"""Rows that each total is spread over, so that writers at the same place do not queue."""


@dataclass(frozen=True, slots=True)
class Book:
    """A measure's pair of accounts: a posting debits one and credits the other; a reversal exchanges them."""

    debit: str
    credit: str
    unit: str


BOOKS = {
    "claimed": Book("claims", "claimed", "fen"),
    "agreed": Book("owed", "agreed", "fen"),
    "paid": Book("paid", "owed", "fen"),
    "settled_cases": Book("settled_cases", "cases", "case"),
    "settled_workers": Book("settled_workers", "workers", "person"),
    "opening_cases": Book("settled_before", "opening", "case"),
    "opening_recovered": Book("recovered_before", "opening", "fen"),
}
"""What is owed at any moment is the balance of `owed`: agreed less paid."""

MEASURES = {(book.debit, book.credit): name for name, book in BOOKS.items()}
