"""Fields that are chosen from a list, and the lists: ways and outcomes of a call, routes onward."""

from collections.abc import Callable, Mapping
from typing import Any

PAUSES = ("appraisal", "papers", "away", "force_majeure")
"""Why a time limit may stand still."""
DETAILS = ("name", "phone", "contact", "uscc")
"""What is on record of a party; the last two of an employer only."""
CONTACT_WAYS = ("call", "second_contact", "letter", "visit", "sms", "email")
CONTACT_OUTCOMES = ("reached", "promised", "refused_to_talk", "no_reply", "wrong_number", "returned")
"""How the employer was sought, and what came of it."""
MISSING = (
    "pay_record",
    "contract",
    "employer_name",
    "employer_phone",
    "workplace",
    "dates",
    "amounts",
    "other",
)
"""What may be missing in an application; more words go into the note."""
ROUTES = (
    "commission", "other_commission", "other_union", "inspection", "insurance", "fund", "legal", "court",
    "government",
)  # fmt: skip
"""Where somebody goes whom we cannot take: the contacts of `places.yaml` (17号令 art. 22: in writing)."""

ONE_OF: Mapping[str, tuple[str, ...]] = {
    "detail": DETAILS,
    "pause_for": PAUSES,
    "way": CONTACT_WAYS,
    "outcome": CONTACT_OUTCOMES,
    "route": ROUTES,
}
SOME_OF: Mapping[str, tuple[str, ...]] = {
    "missing": MISSING,
}
"""Fields of acts that are one code, or some codes, of a list."""


def readers(wrong: Callable[[str], Exception]) -> dict[str, Callable[[Any], Any]]:
    """The reader of each of these fields; what it cannot read it raises as `wrong` of a code."""

    def one(allowed: tuple[str, ...]) -> Callable[[Any], str]:
        def read(value: Any) -> str:
            if value not in allowed:
                raise wrong("not_listed")
            return str(value)

        return read

    def some(allowed: tuple[str, ...]) -> Callable[[Any], list[str]]:
        def read(value: Any) -> list[str]:
            if not isinstance(value, list) or len(value) > len(allowed):
                raise wrong("wrong_shape")
            chosen = {one(allowed)(each) for each in value}
            return [code for code in allowed if code in chosen]

        return read

    single = {name: one(codes) for name, codes in ONE_OF.items()}
    return {**single, **{name: some(codes) for name, codes in SOME_OF.items()}}
