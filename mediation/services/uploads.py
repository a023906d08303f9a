"""Files that come in parts: begun, gone on with wherever they were cut off, taken out once, then gone.

What has come is sealed and belongs to whoever began it: his secret opens it, and only for what he began
it for.  After a day what nobody went on with is thrown away.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from mediation.domain.evidence import MOST_BYTES, too_large
from mediation.domain.fields import Invalid
from mediation.services import limits, spare
from mediation.store import vault
from mediation.store.models import Upload, UploadPart

KEPT = timedelta(days=1)
MOST_OPEN = 8
"""So many files one holder may have on the way at once."""
MOST_PART = 1024 * 1024
LEAST_PART = 16 * 1024
"""Parts are no smaller, but for the last one: each is a row and a commit."""


class Gone(Exception):
    """There is no such upload, or not for this holder."""


class Elsewhere(Exception):
    """The bytes do not go on where the upload stands; `came` says where that is."""

    def __init__(self, came: int) -> None:
        super().__init__(came)
        self.came = came


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an upload has come: `came` of `size` bytes."""

    came: int
    size: int


def begin(session: Session, holder: str, size: int, at: datetime) -> str:
    """A new upload of `size` bytes and the secret that goes on with it.  The caller commits.

    Raises Invalid where it would be too large, or too many are on the way.
    """
    if not 0 < size <= MOST_BYTES:
        raise Invalid({"file": too_large(size) if size > 0 else "file_empty"})
    clean(session, at)
    spare.for_more(session, size, at)
    mine = select(func.count()).select_from(Upload).where(Upload.holder == holder)
    if (session.scalar(mine) or 0) >= MOST_OPEN:
        raise Invalid({"file": "too_many_uploads"})
    secret = secrets.token_urlsafe(24)
    session.add(
        Upload(name=_name(secret), holder=holder, size=size, came=0, at=at, network=limits.network(session))
    )
    session.flush()
    return secret


def standing(session: Session, holder: str, secret: str) -> Standing:
    """How far it has come.  Raises Gone."""
    row = _row(session, holder, secret)
    return Standing(row.came, row.size)


def add(session: Session, keys: Path, holder: str, secret: str, start: int, content: bytes) -> Standing:  # noqa: PLR0913, PLR0917 - whose, which, where, what
    """Bytes from `start` on.  The caller commits.  Raises Gone, Elsewhere, Invalid.

    Two senders of the same part: one is told that it stands further on by now.
    """
    row = _row(session, holder, secret)
    after = start + len(content)
    if start != row.came:
        raise Elsewhere(row.came)
    short = len(content) < LEAST_PART and after != row.size
    if short or not content or len(content) > MOST_PART or after > row.size:
        raise Invalid({"file": "upload_part"})
    moved = update(Upload).where(Upload.id == row.id, Upload.came == start).values(came=after)
    if cast("CursorResult[Any]", session.execute(moved)).rowcount != 1:
        raise Elsewhere(row.came)
    sealed = vault.seal(keys, _part(row.id, start), content)
    session.add(UploadPart(upload_id=row.id, start=start, content=sealed))
    session.flush()
    return Standing(after, row.size)


def whole(session: Session, keys: Path, holder: str, secret: str) -> bytes:
    """All of a file that has come.  Raises Gone; Invalid where something is still to come."""
    row = _row(session, holder, secret)
    if row.came != row.size:
        raise Invalid({"file": "upload_unfinished"})
    query = select(UploadPart).where(UploadPart.upload_id == row.id).order_by(UploadPart.start)
    parts = (vault.unseal(keys, _part(row.id, one.start), one.content) for one in session.scalars(query))
    return b"".join(parts)


def forget(session: Session, secret: str) -> None:
    """Throw an upload away: it was taken out, or refused.  The caller commits."""
    session.execute(delete(Upload).where(Upload.name == _name(secret)))


def clean(session: Session, at: datetime) -> int:
    """Throw away what nobody went on with for a day; how many.  The caller commits."""
    done = session.execute(delete(Upload).where(Upload.at < at - KEPT))
    return int(cast("CursorResult[Any]", done).rowcount)


def _row(session: Session, holder: str, secret: str) -> Upload:
    query = select(Upload).where(Upload.name == _name(secret), Upload.holder == holder)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise Gone
    return row


def _name(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "backslashreplace")).hexdigest()


def _part(number: int, start: int) -> str:
    return f"upload {number} from {start}"
