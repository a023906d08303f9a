"""The time of a meeting as a file for the calendar of a phone."""

import io
from urllib.parse import urlsplit

from flask import Response, abort, send_file, url_for

from mediation.documents.calendar_file import Meeting, render
from mediation.domain.words import word
from mediation.services.notices import short
from mediation.web import languages
from mediation.web.context import office
from mediation.web.opened import Opened, open_case
from mediation.web.times import FIXING


def calendar(ref: str) -> Response:
    """The meeting that is fixed, for whoever may open the case; where none is, nothing is there (404)."""
    meeting = _meeting(open_case(ref))
    if meeting is None:
        abort(404)
    made = send_file(
        io.BytesIO(render(meeting)), mimetype="text/calendar", download_name=f"{meeting.number}.ics"
    )
    made.headers["Cache-Control"] = "no-store"  # it may be moved
    return made


def _meeting(opened: Opened) -> Meeting | None:
    case, start = opened.case, opened.facts.meeting
    if start is None or case.number is None:
        return None
    url = office().organisation.public_url
    number = short(case.number)
    fixed = [entry for entry in case.log if entry.action in FIXING]
    return Meeting(
        uid=f"meeting-{number}@{urlsplit(url).hostname}",
        sequence=len(fixed) - 1,
        start=start,
        told=fixed[-1].at,
        title=word("invitations", "meeting", languages.language()),
        number=number,
        link=f"{url}{url_for('cases.meeting', ref=case.ref)}",
    )
