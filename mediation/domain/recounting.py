"""A new table of holidays: which clocks that still run end on another day because of it.

The State Council announces the holidays of a year in the autumn before.  A case keeps the last days
that were reckoned when its clocks started; when the table changes they are reckoned anew by an
entry of their own, so that the log says when and why a day moved.
"""

from datetime import date

from mediation.domain.clocks import Ends, calendar, reckoned, running
from mediation.domain.facts import Facts

RECOUNT = "recount"
"""The act of such an entry: it is in no chart, for no chart decides when people have holidays."""


def moved_ends(facts: Facts, today: date) -> Ends:
    """Clocks whose last day is another by today's calendar, with that day; never one that is over.

    What both sides have agreed upon stays, and nobody loses a day that he had: where the new day is
    past already, the first working day from today on takes its place.
    """
    found = {}
    for name, run in facts.clocks.items():
        if running(run) and run.until is None and run.last is not None and run.last >= today:
            last = max(reckoned(run), calendar().next_working(today))
            if last != run.last:
                found[name] = last
    return found
