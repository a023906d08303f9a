"""A new table of holidays: which clocks that still run end on another day because of it.

The State Council announces the holidays of a year in the autumn before.  A case keeps the last days
that were reckoned when its clocks started; when the table changes they are reckoned anew by an
entry of their own, so that the log says when and why a day moved.
"""

from datetime import date

from mediation.domain.clocks import Ends, calendar, reckoned, rung_key, running
from mediation.domain.facts import Facts

RECOUNT = "recount"
"""The act of such an entry: it is in no chart, for no chart decides when people have holidays."""


def moved_ends(facts: Facts, today: date) -> Ends:
    """Clocks whose last day is another by today's calendar, with that day; never one that is over.

    What both sides have agreed upon stays, and nobody loses a day that he had: where the new day is
    past already, the first working day from today on takes its place.
    """
    found = {}
    soonest = calendar().next_working(today)
    for name, run in facts.clocks.items():
        if not running(run):
            continue
        if run.until is None and run.last is not None and run.last >= today:
            found[name] = max(reckoned(run), soonest)
        for nth, on in run.rungs.items():
            if on > today:  # what belongs to a day that has come is done, or will be at once
                found[rung_key(name, nth)] = max(reckoned(run, int(nth)), soonest)
    return {name: on for name, on in found.items() if on != _now(facts, name)}


def _now(facts: Facts, name: str) -> date | None:
    """The day that a case has in place of one that might be reckoned anew."""
    clock, _, nth = name.partition(".")
    run = facts.clocks[clock]
    return run.rungs[nth] if nth else run.last
