"""A double click, a lost answer, a page gone back to: the same form is answered the same and done once."""

import secrets
from collections.abc import Callable

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mediation.engine.refusals import Stale
from mediation.services import replies
from mediation.services.casework import Beside, Step, nothing
from mediation.services.replies import Answer, Sending
from mediation.store.db import Taken, db, insisting, patiently
from mediation.web import answers
from mediation.web.context import now

FIELD = "once"
HEADER = "Idempotency-Key"
Work = Callable[[Session], Answer | None]
"""What is done for one form, in its transaction."""
_UNSAID = {FIELD, "csrf_token"}
"""Fields that are no part of what a form says."""


def key() -> str:
    """The key of a form that is about to be shown."""
    return secrets.token_urlsafe(16)


def before(who: str) -> Answer | None:
    """What this very form of `who` was answered before.  Raises Reused if it now says something else."""
    sent = _sent(who)
    return replies.found(db.session(), sent) if sent else None


def once(who: str, work: Work) -> Answer | None:
    """Do `work` and keep its answer, in one transaction; what another was faster to answer is its answer.

    Nothing is kept where `work` gives no answer or raises: what was refused is mended and sent again.
    Raises Reused, and whatever `work` raises.
    """
    sent = _sent(who)

    def kept(session: Session) -> Answer | None:
        if sent is None:
            return work(session)
        if (done := replies.claim(session, sent, now())) is not None:
            return done
        answer = work(session)
        replies.keep(session, sent, answer)
        return answer

    return patiently(kept)


def stepped(who: str, act: Callable[[Beside], Step], told: Callable[[Step], Answer]) -> Answer:
    """`once` for an act that is a step of its own: what it is `told` as is written beside it.

    The same form sent twice at once moves the case once: who is second finds it moved, and the answer.
    """
    sent = _sent(who)
    db.session.rollback()  # one connection at a time, or all threads could wait for a second one
    if sent is None:
        return told(insisting(lambda: act(nothing)))
    try:
        return told(insisting(lambda: act(lambda step: [replies.kept_with(sent, told(step), now())])))
    except (Stale, Taken):
        if (done := before(who)) is None:
            raise
        return done


def given(answer: Answer) -> ResponseReturnValue:
    """The answer as whoever asked can read it."""
    if answers.wanted():
        return Response(answer.body, mimetype="application/json")
    return redirect(answer.location)


def _sent(who: str) -> Sending | None:
    """The form in hand; None if it has no key: then every sending counts."""
    named = request.headers.get(HEADER) or request.form.get(FIELD)
    if not named:
        return None
    said = [pair for pair in request.form.items(multi=True) if pair[0] not in _UNSAID]
    return replies.sending(who, named, request.method, request.path, said)
