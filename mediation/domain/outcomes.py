"""What follows from an act, as records: the service carries them out in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Account = Literal["claimed", "agreed", "paid", "settled_cases", "settled_workers"]


@dataclass(frozen=True, slots=True)
class Learn:
    """Fields of the facts that are now different."""

    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Posting:
    """A line for the ledger; `amount` in the account's unit (fen, cases, people), never zero."""

    account: Account
    amount: int
    worker: int | None = None
    head: str | None = None


@dataclass(frozen=True, slots=True)
class Reversal:
    """All that stands in an account for a worker's head is taken back, each line by one that names it.

    `amount` is what stands there.  What is right is posted anew, after it.
    """

    account: Account
    amount: int
    worker: int
    head: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to a group of people; who they are is looked up when it is sent.

    `named` are those whom somebody else named and who have not answered yet; `agent` is who acts for a
    party, and `seat` his place among all who were named to.
    """

    to: Literal["workers", "named", "employer", "agent", "mediator", "clerks"]
    seat: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to be made from the case as it now stands."""

    kind: str
