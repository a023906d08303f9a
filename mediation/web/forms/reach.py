"""How a worker can be called: what its page may send."""

from mediation.domain.reach import PARTS
from mediation.web.known import Form, boxes, listed

PREFIX = "reach"
"""With which its fields begin on a page that has others of the same names."""
FORM = Form(
    frozenset({"phone", "name", "relation", "may_know", "text_only"}),
    frozenset({"hours"}),
    exact=boxes("may_know", "text_only") | {"hours": listed(PARTS)},
)
