"""Every way the engine says no, each with what a page needs to explain it."""

from dataclasses import dataclass
from datetime import datetime


class Refused(Exception):
    """An act that is not allowed as asked; nothing has been changed."""

    code = "refused"


class Unknown(Refused):
    """The workflow has no such act."""

    code = "unknown"

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


class NotYours(Refused):
    """The act belongs to other roles than the asker's."""

    code = "not_yours"

    def __init__(self, action: str, role: str) -> None:
        super().__init__(f"{action}: {role}")
        self.action = action
        self.role = role


class NotNow(Refused):
    """The act does not leave from the state the case is in; both by their labels."""

    code = "not_now"

    def __init__(self, action: str, state: str) -> None:
        super().__init__(f"{action}: {state}")
        self.action = action
        self.state = state


class Unmet(Refused):
    """Conditions of the act do not hold; `reasons` are the chart's own sentences, all of them."""

    code = "unmet"

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands, and who moved it last: his role and when, never a name."""

    state: str
    label: str
    revision: int
    role: str
    at: datetime


class Stale(Refused):
    """The case has moved since the asker looked at it; `standing` says where to, and by whom."""

    code = "stale"

    def __init__(self, seen: int, standing: Standing) -> None:
        super().__init__(f"seen {seen}, now {standing.revision}")
        self.seen = seen
        self.standing = standing

    @property
    def revision(self) -> int:
        """The revision of the case now."""
        return self.standing.revision


class TooEarly(Refused):
    """The system would do an act before its moment, or once more for the same day."""

    code = "too_early"


class ClockBack(Refused):
    """The asker's clock is behind the last entry of the case: one of the two moments cannot be right.

    Nothing is done, for law counts days from these moments; `last` is the entry's, `at` the asker's.
    """

    code = "clock_back"

    def __init__(self, last: datetime, at: datetime) -> None:
        super().__init__(f"now it is {at.isoformat()}, the last entry is of {last.isoformat()}")
        self.last = last
        self.at = at


class WorkflowError(Exception):
    """A workflow file with faults; `faults` names every one of them, as `file: fault`."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
