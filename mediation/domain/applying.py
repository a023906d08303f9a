"""Applying step by step: one question a page, 说不清 is an answer, and what comes of it as a filing.

劳动争议调解仲裁法 art. 12: an application may be oral, so nothing here needs a paper, an identity number
or a written account of what happened; six answers are enough.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct, structs

from mediation.domain.fields import Invalid, Problem, calendar_day, text
from mediation.domain.filing import PLACES, party_detail
from mediation.domain.money import NotAnAmount, figures
from mediation.domain.naming import name as read_name
from mediation.domain.numbers import mobile
from mediation.domain.reach import Reach
from mediation.domain.spoken import spoken_yuan

STEPS = ("what", "employer", "place", "when", "amount", "story", "contact")
"""The questions in their order; those that must be answered come next."""
REQUIRED = tuple(step for step in STEPS if step != "story")
KINDS: Mapping[str, tuple[str, str]] = {
    "wages": ("pay", "wages"),
    "overtime": ("pay", "overtime"),
    "dismissal": ("dismissal", "economic_compensation"),
    "no_contract": ("contract", "double_wage"),
    "injury": ("pay", "work_injury"),
    "insurance": ("conditions", "other"),
    "other": ("other", "other"),
}
"""What it may be about: category of 调解仲裁法 art. 2 and head of the claim."""
MOST_KINDS = 3
SINCE = ("under_1", "under_3", "under_12", "over_12", "unclear")
ELSEWHERE = "elsewhere"
"""The place of who works outside the district: he is told who helps there."""
HUGE = 500_000_00
"""From more than this on an amount is asked back once, in fen."""
LONGEST_STORY = 4500
LONGEST_NAME, LONGEST_EMPLOYER = 50, 100
CONSENT = "1"
"""The version of the lines on personal information; a new wording has a new number."""

Typed = Mapping[str, list[str]]
"""A page's fields as they were typed: each with every value it had."""


class Firm(Struct, frozen=True):
    """The employer as far as he is known: `name` is None where nobody remembers it."""

    name: str | None
    phone: str = ""


class Since(Struct, frozen=True):
    """How long it has been: one of SINCE, or a day, which may be about."""

    length: str = ""
    day: str = ""
    about: bool = False


class Contact(Struct, frozen=True):
    """Who applies, and which version of the lines on personal information he ticked."""

    name: str
    phone: str
    consented: str


class Fellow(Struct, frozen=True):
    """Somebody else for whom he applies too: `owed` fen under the first kind, None for 说不清."""

    name: str
    phone: str
    owed: int | None


class Agent(Struct, frozen=True, omit_defaults=True):
    """Whoever fills this in for the worker, and the authority that he says he has; see `authorities`."""

    name: str
    phone: str
    authority: dict[str, str]


class Answers(Struct, frozen=True, omit_defaults=True):
    """All answers so far; None is not answered.  `amount` by kind in fen, None for 说不清.

    `fellows` are the others for whom he applies too; there need be none.  `agent` is who types all this,
    where it is not the worker.  `reach` is how the worker can be called, if he said so.
    """

    what: tuple[str, ...] | None = None
    employer: Firm | None = None
    place: str | None = None
    when: Since | None = None
    amount: Mapping[str, int | None] | None = None
    story: str | None = None
    contact: Contact | None = None
    fellows: tuple[Fellow, ...] = ()
    agent: Agent | None = None
    reach: Reach | None = None

    @property
    def phone(self) -> str | None:
        """The phone of whoever fills this in: a code on it shows that it is his."""
        who = self.agent or self.contact
        return who.phone if who else None

    def lacks(self, step: str) -> bool:
        """Whether this question is still to be answered; a new kind needs an amount of its own."""
        if step == "place":
            return self.place in (None, ELSEWHERE)
        if step == "amount":
            return self.amount is None or not set(self.what or ()) <= self.amount.keys()
        return getattr(self, step) is None

    @property
    def missing(self) -> tuple[str, ...]:
        """The questions without which it cannot be filed."""
        return tuple(step for step in REQUIRED if self.lacks(step))

    @property
    def next(self) -> str | None:
        """The first question that was neither answered nor skipped."""
        return next((step for step in STEPS if self.lacks(step)), None)


def read(step: str, typed: Typed, answers: Answers, today: date) -> Answers:
    """The answers with that of one page.  Raises Invalid with every field at fault, by its name.

    `today` is the Beijing day of the request.
    """
    problems: dict[str, str] = {}
    found = _READERS[step](typed, answers, today, problems)
    if problems:
        raise Invalid(problems)
    return structs.replace(answers, **{step: found})


def amount_field(kind: str) -> str:
    """The name of the field for what is asked under one kind."""
    return f"amount.{kind}"


def unclear_field(kind: str) -> str:
    """The name of the box that says 说不清 to it."""
    return f"unclear.{kind}"


def one_of(typed: Typed, field: str) -> str:
    """What was typed into a field first; nothing where it was not sent."""
    return (typed.get(field) or [""])[0]


def _what(typed: Typed, _answers: Answers, _today: date, problems: dict[str, str]) -> tuple[str, ...]:
    ticked = typed.get("what") or []
    if not ticked:
        problems["what"] = "choose_kind"
    elif not set(ticked) <= KINDS.keys():
        problems["what"] = "not_listed"
    elif len(set(ticked)) > MOST_KINDS:
        problems["what"] = "too_many_kinds"
    return tuple(kind for kind in KINDS if kind in ticked)


def _employer(typed: Typed, _answers: Answers, _today: date, problems: dict[str, str]) -> Firm:
    named = tried(lambda: read_name(one_of(typed, "name"), LONGEST_EMPLOYER), "name", problems)
    phone = tried(lambda: _contact_phone(one_of(typed, "phone")), "phone", problems)
    if not named and not one_of(typed, "unknown"):
        problems.setdefault("name", "employer_or_unknown")
    return Firm(named or None, phone)


def _contact_phone(typed: str) -> str:
    """Digits of any telephone, or nothing.  Raises Problem."""
    return party_detail("employer", "phone", typed)


def _place(typed: Typed, _answers: Answers, _today: date, problems: dict[str, str]) -> str:
    chosen = one_of(typed, "place")
    if chosen not in (*PLACES, ELSEWHERE):
        problems["place"] = "not_listed" if chosen else "choose_place"
    return chosen


def _when(typed: Typed, _answers: Answers, today: date, problems: dict[str, str]) -> Since:
    length, written = one_of(typed, "since"), one_of(typed, "day").strip()
    if length and length not in SINCE:
        problems["since"] = "not_listed"
    if not length and not written:
        problems["since"] = "choose_since"
    day = tried(lambda: calendar_day(written), "day", problems) if written else ""
    if day and date.fromisoformat(day) > today:
        problems["day"] = "in_future"
    return Since(length, day, bool(one_of(typed, "about")))


def _amount(typed: Typed, answers: Answers, _today: date, problems: dict[str, str]) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for kind in answers.what or ():
        field, written = amount_field(kind), one_of(typed, amount_field(kind)).strip()
        found[kind] = None
        if not written:
            if not one_of(typed, unclear_field(kind)):
                problems[field] = "amount_or_unknown"
            continue
        try:
            found[kind] = spoken_yuan(text(written, 1000))
        except NotAnAmount as wrong:
            problems[field] = f"not_an_amount.{wrong.code}"
        except Problem as problem:
            problems[field] = str(problem)
    total = sum(fen or 0 for fen in found.values())
    if not problems and total > HUGE and one_of(typed, "sure") != str(total):
        largest = max(found, key=lambda kind: found[kind] or 0)
        problems[amount_field(largest)] = f"amount_huge:{figures(total)}"
    return found


def asked_back(typed: Typed, problems: Mapping[str, str]) -> str:
    """What the page sends as `sure` when it is sent again: the sum it asks back, or asked, in fen."""
    total = _huge(typed)
    asks = any(code.startswith("amount_huge:") for code in problems.values())
    return total if asks or total == one_of(typed, "sure") else ""


def _huge(typed: Typed) -> str:
    """The sum of all amounts in fen, where it is one that is asked back."""
    total = 0
    for field, values in typed.items():
        if field.startswith("amount.") and values[0].strip():
            try:
                total += spoken_yuan(values[0])
            except NotAnAmount:
                return ""
    return str(total) if total > HUGE else ""


def _story(typed: Typed, _answers: Answers, _today: date, problems: dict[str, str]) -> str:
    written = one_of(typed, "story")
    if len(written) > LONGEST_STORY:
        problems["story"] = "story_too_long"
        return ""
    return tried(lambda: text(written, LONGEST_STORY), "story", problems)


def _contact(typed: Typed, _answers: Answers, _today: date, problems: dict[str, str]) -> Contact:
    named = tried(lambda: read_name(one_of(typed, "name"), LONGEST_NAME), "name", problems)
    if not named:
        problems.setdefault("name", "missing.workers.name")
    phone = tried(lambda: phone_of(one_of(typed, "phone")), "phone", problems)
    if one_of(typed, "consent") != CONSENT:
        problems["consent"] = "not_consented"
    return Contact(named, phone, CONSENT)


def phone_of(typed: str) -> str:
    """As `mobile`, saying how many digits there were.  Raises Problem."""
    if not typed.strip():
        raise Problem("missing.workers.phone")
    try:
        return mobile(typed)
    except Problem as problem:
        digits = sum(c.isdecimal() for c in typed[:LONGEST_NAME])
        if str(problem) == "not_a_phone" and digits not in (0, 11):
            raise Problem(f"phone_digits:{digits}") from None
        raise


def tried(reader: Callable[[], str], field: str, problems: dict[str, str]) -> str:
    """What `reader` reads, or nothing and its problem noted under `field`."""
    try:
        return reader()
    except Problem as problem:
        problems[field] = str(problem)
        return ""


_READERS: Mapping[str, Callable[[Typed, Answers, date, dict[str, str]], Any]] = {
    "what": _what,
    "employer": _employer,
    "place": _place,
    "when": _when,
    "amount": _amount,
    "story": _story,
    "contact": _contact,
}
