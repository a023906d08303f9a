"""Applying by word of mouth (劳动争议调解仲裁法 art. 12): one page, the questions of /apply.

Whoever takes the call types while talking.  The fields are those of `domain/applying`, read by the same
rules; the names of the employer's and the caller's begin with their question, since one page has both.
"""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct, structs

from mediation.domain import applying, reach
from mediation.domain.applied import as_filing, employer_has_their_phone
from mediation.domain.applying import CONSENT, ELSEWHERE, KINDS, Answers, Typed, one_of
from mediation.domain.fields import Invalid
from mediation.domain.filing import Filing, Oral
from mediation.domain.filing import read as read_filing

CHANNELS = ("hotline", "counter")
LANGUAGES = ("mandarin", "dialect", "english", "interpreted")
"""In what the application was read back to whoever made it."""
IN_TALK = ("contact", "what", "amount", "employer", "place", "when", "story")
"""The questions in the order in which people tell it: who they are, then what happened."""
PREFIXED = ("employer", "contact", "reach")
"""Questions whose fields say on this page to which of them they belong."""
AGREED = "agreed"
"""The box for: it was read back, and the caller said that it is right and that he applies."""
CONSENT_FIELD = "contact.consent"


class Told(Struct, frozen=True):
    """What a caller told, read: his answers, and how he reached us."""

    answers: Answers
    channel: str


def field_of(step: str, field: str) -> str:
    """The name on this page of a field of one question."""
    return f"{step}.{field}" if step in PREFIXED else field


def read(typed: Typed, today: date) -> Told:
    """What was typed while talking, before it is read back: consent comes after that.

    `today` is the Beijing day of the call.  Raises Invalid with every field at fault.
    """
    problems: dict[str, str] = {}
    channel = one_of(typed, "channel")
    if channel not in CHANNELS:
        problems["channel"] = "not_listed"
    typed = {**typed, "what": _kinds(typed), CONSENT_FIELD: [CONSENT]}
    answers = Answers()
    for step in IN_TALK:
        try:
            answers = applying.read(step, _own(step, typed), answers, today)
        except Invalid as wrong:
            problems |= {field_of(step, field): code for field, code in wrong.problems.items()}
    try:
        answers = structs.replace(answers, reach=reach.read(_own("reach", typed)))
    except Invalid as wrong:
        problems |= {field_of("reach", field): code for field, code in wrong.problems.items()}
    if employer_has_their_phone(answers):
        problems[field_of("employer", "phone")] = "employer_phone_theirs"
    if answers.place == ELSEWHERE:
        problems["place"] = "place_elsewhere"
    if problems:
        raise Invalid(problems)
    return Told(answers, channel)


def confirmed(typed: Typed, told: Told, by: str) -> Filing:
    """The filing that comes of it once the caller has said yes; `by` is the actor who read it back.

    Raises Invalid with what he has not said yes to.
    """
    problems = {}
    if one_of(typed, AGREED) != "1":
        problems[AGREED] = "not_read_back"
    if one_of(typed, CONSENT_FIELD) != CONSENT:
        problems[CONSENT_FIELD] = "not_consented_by_word"
    language = one_of(typed, "language")
    if language not in LANGUAGES:
        problems["language"] = "not_listed" if language else "choose_one"
    if problems:
        raise Invalid(problems)
    filing = read_filing(as_filing(told.answers))
    return structs.replace(filing, channel=told.channel, oral=Oral(by, language))


def _kinds(typed: Typed) -> list[str]:
    """The kinds that were ticked, and those with an amount or 说不清: what is typed is never passed over."""
    said = [kind for kind in KINDS if _has_amount(kind, typed)]
    return [*typed.get("what", []), *(kind for kind in said if kind not in typed.get("what", []))]


def _has_amount(kind: str, typed: Typed) -> bool:
    return any(one_of(typed, name(kind)).strip() for name in (applying.amount_field, applying.unclear_field))


def _own(step: str, typed: Typed) -> Mapping[str, list[str]]:
    """The fields of one question under their own names."""
    if step not in PREFIXED:
        return typed
    start = f"{step}."
    return {field.removeprefix(start): values for field, values in typed.items() if field.startswith(start)}
