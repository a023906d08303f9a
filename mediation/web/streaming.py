"""What one open page of a room is told, and for how long.

It is told two things: `said` with a message as pages show it, if its visitor may read it, and `changed`
when the page itself is another by now, which the browser then asks for.  Nothing that is not for him
changes one byte of it, nor when it comes.
"""

import json
import time
from collections.abc import Iterator
from datetime import date

from flask import get_template_attribute
from flask_login import current_user
from werkzeug.exceptions import NotFound

from mediation.domain.facts import day
from mediation.domain.rooms import Room
from mediation.services import compartments, meetings, talks
from mediation.services.compartments import Open
from mediation.services.live import News, Watcher
from mediation.services.meetings import Said
from mediation.services.pulses import Pulse
from mediation.services.talks import Standing
from mediation.store.db import db
from mediation.store.models import Message
from mediation.web.context import load_visitor, now, office
from mediation.web.cursors import Cursor
from mediation.web.opened import Opened, open_case
from mediation.web.rooms import Frame, cursor, frame
from mediation.web.views import in_room

MESSAGE = ("cases/room_parts.html", "said")
"""How pages write a message."""
BEAT = 10.0
"""Seconds between two signs of life: a line that says nothing for longer is broken."""
LONGEST = 900.0
"""Seconds after which a browser is asked to come in anew."""
AT_ONCE = 200
"""So many messages that were missed are told one by one; for more the browser asks for the page."""
AGAIN = 1000
"""Milliseconds after which a browser comes back when the line broke."""


class Line:
    """The line to one page.  It holds no connection to the database while it waits."""

    def __init__(self, opened: Opened, watcher: Watcher, told: Cursor, pulse: Pulse | None) -> None:
        """For whoever was let in when the case had this pulse."""
        self._opened, self._ref = opened, opened.case.ref
        self._known_as: str = current_user.id
        self._watcher = watcher
        self._told = told
        self._keys: list[Open] = []
        self._pulse = pulse
        self._checked: tuple[Pulse | None, date] = (pulse, day(opened.at))
        self._frame = Frame("", None)

    def events(self) -> Iterator[str]:
        """What the page is told, until its visitor may be told no more.  Raises Closing."""
        yield f"retry: {AGAIN}\n\n"
        self._look()
        yield self._missed()
        begun = beat = time.monotonic()
        while time.monotonic() < begun + LONGEST:
            news = self._watcher.next(min(beat + BEAT - time.monotonic(), self._until_move()))
            if not self._may_stay(news):
                return
            if told := self._news(news):
                yield told
            # By the clock and not after the last event: else its beat would tell of what is not told.
            if time.monotonic() >= beat + BEAT:
                beat += BEAT
                yield ":\n\n"

    def _missed(self) -> str:
        """What was said and changed since the page was made."""
        actor, case_id = self._opened.actor, self._opened.case_id
        self._keys = compartments.all_open(db.session(), office().keys, case_id, actor)
        said = meetings.missed(db.session(), case_id, actor, self._keys, self._told.numbers, AT_ONCE)
        if len(said) > AT_ONCE:
            self._told = cursor(self._opened, self._standing()).framed("")
            said = []
        db.session.remove()
        return "".join(self._said(one) for one in said) + self._change()

    def _news(self, news: News | None) -> str:
        said = [self._said(one) for row in news.said if (one := self._read(row))] if news else []
        return "".join(said) + self._change()

    def _may_stay(self, news: News | None) -> bool:
        """Whether the visitor may still be here: looked at anew whenever that could have changed."""
        if news:
            self._pulse = news.pulse
        now_is = (self._pulse, day(now()))
        if now_is != self._checked:
            self._checked = now_is
            try:
                if load_visitor(self._known_as) is None or not in_room(opened := open_case(self._ref)):
                    return False
            except NotFound:
                return False
            finally:
                db.session.remove()
            self._opened = opened
            self._look()
        elif self._until_move() <= 0:
            self._look()
        return True

    def _look(self) -> None:
        self._frame = frame(self._opened, self._standing())
        db.session.remove()

    def _standing(self) -> Standing:
        opened = self._opened
        return talks.standing(db.session(), opened.case_id, opened.facts.state, now())

    def _until_move(self) -> float:
        """Seconds until the announced move happens."""
        if self._frame.until is None:
            return BEAT
        return (self._frame.until - now()).total_seconds()

    def _read(self, row: Message) -> Said | None:
        """A message, if it is for the visitor and he has not been told it."""
        actor, audience = self._opened.actor, Room(row.audience)
        if row.number <= self._told.numbers.get(audience, row.number):
            return None
        if not compartments.may_read(actor, audience, row.holder):
            return None
        if (audience, row.holder) not in {(one.audience, one.holder) for one in self._keys}:
            self._keys = compartments.all_open(db.session(), office().keys, self._opened.case_id, actor)
            db.session.remove()
        return meetings.as_read(row, actor, self._keys)

    def _said(self, line: Said) -> str:
        self._told = self._told.at(line.audience, line.number)
        facts = self._opened.facts
        alone = facts.workers == 1 and not facts.authorities
        shown = get_template_attribute(*MESSAGE)(line, self._opened.staff, alone)
        return self._event("said", {"audience": line.audience, "number": line.number, "html": shown})

    def _change(self) -> str:
        if self._frame.mark == self._told.frame:
            return ""
        self._told = self._told.framed(self._frame.mark)
        return self._event("changed", {})

    def _event(self, kind: str, told: dict[str, object]) -> str:
        return f"event: {kind}\nid: {self._told.write()}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n"
