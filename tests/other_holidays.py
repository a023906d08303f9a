"""Another table of holidays than the one that was known when the made cases began, for the tests."""

from datetime import date, timedelta

from mediation.domain import clocks, recounting
from mediation.domain.working_days import WorkingDays

EARLY_SPRING = {date(2026, 3, day): False for day in (3, 4, 5, 6, 9, 10, 11, 17, 18, 31)}
"""The first days on which a case of makers.MONDAY counts are holidays."""
NO_SATURDAYS = {date(2026, 3, 1) + timedelta(days=n): True for n in range(400)}
"""Every day of a year is worked."""


def announce(patch, overrides):
    """From now on everything counts by this table; `patch` is pytest's monkeypatch."""
    table = WorkingDays(overrides)
    for module in (clocks, recounting):
        patch.setattr(module, "calendar", lambda: table)
    # Without its cache: what it counted by this table must not outlive the test.
    patch.setattr(clocks, "_counted", getattr(clocks._counted, "__wrapped__", clocks._counted))
