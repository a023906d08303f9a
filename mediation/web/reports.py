"""Where gateways tell what became of a text or letter; they show a word that only they know."""

import hmac
import json
import re

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from mediation.services.reporting import Outcome, report
from mediation.store.db import transaction
from mediation.web.context import now

reports = Blueprint("reports", __name__)

LONGEST = 4096
"""Bytes of a report; a real one has fifty."""
OUTCOMES: tuple[Outcome, ...] = ("delivered", "failed")


@reports.post("/reports/delivery")
def delivery() -> ResponseReturnValue:
    """Take `{"id", "state"}`; whoever repeats himself or knows no number of ours is answered alike (204)."""
    token = str(current_app.config["REPORT_TOKEN"])
    if not token:
        abort(404)
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(shown.encode(), token.encode()):
        return Response(status=401)
    if (request.content_length or 0) > LONGEST:
        return Response(status=413)
    said = _read(request.get_data(cache=False))
    if said is None:
        return Response(status=400)
    with transaction() as session:
        report(session, *said, now())
    return Response(status=204)


def _read(body: bytes) -> tuple[int, Outcome] | None:
    """The number and what became of it; None where it says neither in our words."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    number, state = said.get("id"), said.get("state")
    if not isinstance(number, str) or not re.fullmatch("[0-9]{1,18}", number):
        return None
    outcome = next((one for one in OUTCOMES if one == state), None)
    return None if outcome is None else (int(number), outcome)
