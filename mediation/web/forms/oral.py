"""The page of an application by word of mouth: what it may send, and what is said back of it."""

from collections.abc import Mapping

from mediation.domain import applying, oral
from mediation.domain.applying import KINDS, Typed, one_of
from mediation.domain.money import NotAnAmount
from mediation.domain.spoken import spoken_yuan
from mediation.web.forms.applying import CHANGE, FORMS
from mediation.web.forms.reach import FORM as REACHED
from mediation.web.forms.reach import PREFIX
from mediation.web.known import Form, boxes

LOOK, BACK, FILE = "look", "back", "file"
"""The buttons beside the main one: look again, go back to the questions, file."""
REACH = {oral.field_of(PREFIX, field) for field in REACHED.single}
HOURS = oral.field_of(PREFIX, "hours")
TOLD = frozenset(
    oral.field_of(step, field)
    for step, form in FORMS.items()
    for field in form.single - {CHANGE}
    if oral.field_of(step, field) != oral.CONSENT_FIELD
) | {"channel", *REACH}
READ_BACK = frozenset({oral.AGREED, oral.CONSENT_FIELD, "language"})
"""What is asked once it was read aloud."""
FORM = Form(
    TOLD | READ_BACK | {LOOK, BACK, FILE},
    ticked=frozenset({"what", HOURS}),
    exact=boxes(LOOK, BACK, FILE, oral.AGREED)
    | {
        oral.field_of(step, field): said
        for step, form in FORMS.items()
        for field, said in form.exact.items()
        if field != CHANGE
    }
    | {oral.field_of(PREFIX, field): said for field, said in REACHED.exact.items()},
)


def kept(typed: Typed) -> list[tuple[str, str]]:
    """What was typed on the first page, for the second one to send again."""
    names = sorted({*TOLD, "what", HOURS} & typed.keys())
    return [(name, value) for name in names for value in typed[name]]


def amounts(typed: Typed) -> Mapping[str, int]:
    """The amounts that can be read, in fen by kind, to be said back."""
    found = {}
    for kind in KINDS:
        try:
            found[kind] = spoken_yuan(one_of(typed, applying.amount_field(kind))[:40])
        except NotAnAmount:
            continue
    return found
