"""Who talks in the rooms of a case in a test, and where."""

from datetime import datetime, timedelta
from typing import Any

from makers import actor_of, make_case

from mediation.domain.rooms import Room
from mediation.services import meetings, talks, unsaid
from mediation.services.offices import Office
from mediation.store.models import Case

SECOND = timedelta(seconds=1)


class Meeting:
    """The rooms of a case, as the services see them; its clock goes on by itself."""

    def __init__(
        self, transaction: Any, office: Office, case_id: int | None = None, state: str = "in_meeting"
    ) -> None:
        self.transaction, self.office = transaction, office
        with transaction() as session:
            case = session.get_one(Case, case_id) if case_id else make_case(session, office, state=state)
            self.id, self.at = case.id, case.moved_at + SECOND

    def say(self, role: str, audience: Room, body: str, seat: int = 0) -> None:
        """Somebody says something to those whom he believes to speak to."""
        self.at += SECOND
        with self.transaction() as session:
            case = session.get_one(Case, self.id)
            who = actor_of(session, case, role, seat)
            meetings.say(session, self.office, case.id, who, audience, body, self.at)

    def read(self, role: str, audience: Room, **how: int) -> list[str | None]:
        """What somebody reads of what was said to `audience`."""
        with self.transaction() as session:
            who = actor_of(session, session.get_one(Case, self.id), role)
            found = meetings.said(session, self.office, self.id, who, audience, **how)
            return [one.body for one in found]

    def move(self, room: Room, role: str = "mediator", minutes: int | None = None) -> None:
        """Announce it, and let the notice pass."""
        self.announce(room, role, minutes)
        self.at += talks.NOTICE

    def announce(self, room: Room, role: str = "mediator", minutes: int | None = None) -> datetime:
        """Say that the talk will be in `room`: from when on."""
        self.at += SECOND
        with self.transaction() as session:
            case = session.get_one(Case, self.id)
            who = actor_of(session, case, role)
            case, facts = meetings.held(session, self.id)
            return talks.move(session, case, facts, who, room, minutes, self.at).since

    def standing(self) -> talks.Standing:
        """Where the talk is."""
        with self.transaction() as session:
            return talks.standing(session, self.id, session.get_one(Case, self.id).state, self.at)

    def stop(self, role: str, since: datetime) -> None:
        """Somebody asks not to move yet."""
        with self.transaction() as session:
            case = session.get_one(Case, self.id)
            who = actor_of(session, case, role)
            talks.stop(session, *meetings.held(session, self.id), who, since.isoformat(), self.at)

    def keep(self, role: str, audience: Room, body: str) -> None:
        """Somebody keeps a draft."""
        with self.transaction() as session:
            case = session.get_one(Case, self.id)
            unsaid.keep(session, self.office, case.id, actor_of(session, case, role), audience, body, self.at)
