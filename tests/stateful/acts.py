"""What each act demands and does, in the words of the office: the other half of the model."""

import acts_agents
import acts_filing
import acts_many
import acts_owing
import acts_talking
import acts_undoing
import acts_writing
import timers
from model import ACTS
from ticking import TIMERS

__all__ = ["ACTS", "FOLLOWING", "TIMERS"]

FOLLOWING = (
    "begin_performing", "complete", "cure", "pause", "lapse",
    "book_claim", "book_payment", "book_late_payment", "ask_second_person",
)  # fmt: skip
"""What follows from an act by itself."""
PARTS = (acts_agents, acts_filing, acts_many, acts_owing, acts_talking, acts_undoing, acts_writing, timers)
"""Read for what they add."""
