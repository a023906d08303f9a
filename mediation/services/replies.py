"""A form that is sent again gets the answer it has had, and does nothing again."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec
from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from mediation.engine.refusals import Refused
from mediation.store import steps
from mediation.store.models import Reply
from mediation.store.steps import ReplyRow, Statement

KEPT = timedelta(days=30)


class Reused(Refused):
    """The key of a form that has been answered came back with something else in the form."""

    code = "reused"


@dataclass(frozen=True, slots=True)
class Sending:
    """One posted form: whose it is and which, as one hash, and all that it says, as another."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a form was answered: where a browser goes on, and what a program is told."""

    case_id: int
    location: str
    body: str
    repeated: bool = False


def sending(who: str, key: str, method: str, path: str, said: Iterable[tuple[str, str]]) -> Sending:
    """A form sent by `who` under `key`; in whatever order its fields came."""
    # Hashed with who sent it, so that a key seen elsewhere opens nothing, and of one length.
    return Sending(_hash(who, key), _hash(method, path, *(part for pair in sorted(said) for part in pair)))


def found(session: Session, sent: Sending) -> Answer | None:
    """What this form has been answered, if it has.  Raises Reused."""
    row = session.get(Reply, sent.name)
    if row is None or row.case_id is None:
        return None
    if row.digest != sent.digest:
        raise Reused
    return Answer(row.case_id, row.location, row.body, repeated=True)


def claim(session: Session, sent: Sending, at: datetime) -> Answer | None:
    """Take the form for this transaction; what it was answered, if somebody was faster.

    The same form in another transaction waits here until that one ends.  Raises Reused.
    """
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert
    row = insert(Reply).values(name=sent.name, digest=sent.digest, location="", body="", at=at)
    done = session.execute(row.on_conflict_do_nothing())
    return None if cast("CursorResult[Any]", done).rowcount == 1 else found(session, sent)


def keep(session: Session, sent: Sending, answer: Answer | None) -> None:
    """Write down the answer to a claimed form; with none the form is free to be sent again."""
    mine = Reply.name == sent.name
    if answer is None:
        session.execute(delete(Reply).where(mine))
        return
    values = {"case_id": answer.case_id, "location": answer.location, "body": answer.body}
    session.execute(update(Reply).where(mine).values(**values))


def kept_with(sent: Sending, answer: Answer, at: datetime) -> Statement:
    """The answer as a row that is written beside the step which it tells of."""
    row = ReplyRow(sent.name, sent.digest, answer.case_id, answer.location, answer.body, at)
    return steps.REPLY, row


def clean(session: Session, at: datetime) -> int:
    """Forget the answers that have been kept long enough; how many.  The caller commits."""
    done = session.execute(delete(Reply).where(Reply.at < at - KEPT))
    return int(cast("CursorResult[Any]", done).rowcount)


def _hash(*said: str) -> str:
    # As JSON, so that no two lists run together; surrogates as something that can be written.
    plain = [one.encode("utf-8", "backslashreplace").decode() for one in said]
    return hashlib.sha256(msgspec.json.encode(plain)).hexdigest()
