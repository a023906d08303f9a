"""Playing acts one after another without a database."""

from datetime import timedelta

import makers

from mediation.domain.folding import chain
from mediation.engine.asking import Ask
from mediation.engine.refusals import Unmet


class Play:
    """A case in some state, and what happened since."""

    def __init__(self, engine, state="in_meeting", workers=1, terms=None, begun=makers.MONDAY):
        self.engine = engine
        self.start = makers.made(engine, state=state, workers=workers, terms=terms, begun=begun)
        self.facts = self.start.facts
        self.at = self.start.at + timedelta(days=1)
        self.links = list(self.start.links)

    def act(self, action, role=None, seat=0, at=None, **data):
        """Do an act; without data, with what it usually has in hand.  The names of what followed."""
        self.at = at or self.at + timedelta(minutes=1)
        given = data or makers.in_hand(action, self.facts, self.at)
        ask = Ask(action, makers.actor(role or makers.ROLES[action], seat), 1, self.at, given)
        links = chain(self.engine, self.facts, ask)
        self.facts = links[-1].facts
        self.links += links
        return [link.move.action for link in links if link.ask.action != action]

    def refused(self, action, role=None, seat=0, at=None, **data):
        """The sentences with which an act is refused; "" if it is not."""
        before = self.facts
        try:
            self.act(action, role, seat, at, **data)
        except Unmet as unmet:
            assert self.facts is before
            return unmet.reasons
        return ()

    @property
    def owed(self):
        """What was reported and paid of each payment."""
        return [(owed.reported, owed.paid) for owed in self.facts.owed]


def payment(worker=0, amount=10_000, due="2026-04-01", head="wages"):
    return {"worker": worker, "head": head, "amount": amount, "due": due}


def duty(due="2026-04-01", text="出具证明"):
    return {"what": "leave_certificate", "due": due, "text": text}


def terms(*clauses):
    return {
        "payments": [clause for clause in clauses if "amount" in clause],
        "duties": [clause for clause in clauses if "what" in clause],
    }
