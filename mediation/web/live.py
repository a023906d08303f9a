"""A room as it goes on: what is said reaches every page that shows it, as server-sent events."""

from collections.abc import Iterator

from flask import Response, current_app, request, stream_with_context
from flask.typing import ResponseReturnValue

from mediation.services.live import Closing, Full, Live
from mediation.services.pulses import pulse_of
from mediation.store.db import db
from mediation.web.cursors import Cursor
from mediation.web.meeting import entered
from mediation.web.streaming import Line

HEADERS = {"X-Accel-Buffering": "no"}
"""A proxy in front of us is not to collect what it should hand on."""


def stream(ref: str) -> ResponseReturnValue:
    """The stream of one page of the room, from where that page stands."""
    # Before he is let in: whatever ends that is then seen as another pulse.
    pulse = pulse_of(db.session(), ref)
    opened = entered(ref)
    since = request.headers.get("Last-Event-ID") or request.args.get("from", "")
    told = Cursor.read(since, opened.actor.role)
    db.session.remove()  # one connection at a time, or all threads could wait for a second one
    everyone: Live = current_app.extensions["live"]
    try:
        watcher = everyone.watch(opened.case_id)
    except (Full, Closing):
        # Who gets no stream asks for the page every few seconds.
        return Response(status=503, headers={"Retry-After": "5"})
    line = Line(opened, watcher, told, pulse)

    def sent() -> Iterator[str]:
        try:
            yield from line.events()
        except Closing:
            return
        finally:
            everyone.leave(watcher)

    return Response(stream_with_context(sent()), mimetype="text/event-stream", headers=HEADERS)
