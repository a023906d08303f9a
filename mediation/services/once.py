"""A form that is sent twice by one browser files one case."""

import hashlib

from sqlalchemy.orm import Session

from mediation.store.models import Case, Sequence


def case_of(session: Session, browser: str, token: str) -> Case | None:
    """The case that this browser has filed with the form of this token, if it has."""
    row = session.get(Sequence, _name(browser, token))
    return session.get(Case, row.last) if row else None


def remember(session: Session, browser: str, token: str, case: Case) -> None:
    """Note which case the form became.  The caller commits.

    Raises IntegrityError if the same form was faster in another transaction.
    """
    session.add(Sequence(name=_name(browser, token), last=case.id))
    session.flush()  # the database refuses a second one here, where the caller expects it


def _name(browser: str, token: str) -> str:
    # Hashed with the browser, so that a token seen elsewhere opens nothing, and of one length.
    said = f"{browser}\n{token}".encode("utf-8", "replace")
    return f"once {hashlib.sha256(said).hexdigest()}"
