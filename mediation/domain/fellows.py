"""Others for whom somebody applies: who each is, how to reach him, and what he is owed."""

from mediation.domain.applying import LONGEST_NAME, Answers, Fellow, Typed, one_of, phone_of, tried
from mediation.domain.fields import Invalid, Problem, text
from mediation.domain.filing import MOST_WORKERS
from mediation.domain.money import NotAnAmount
from mediation.domain.naming import name as read_name
from mediation.domain.spoken import spoken_yuan


def read(typed: Typed, answers: Answers) -> Fellow:
    """One more person, as a page typed him.  Raises Invalid with every field at fault, by its name."""
    problems: dict[str, str] = {}
    named = tried(lambda: read_name(one_of(typed, "name"), LONGEST_NAME), "name", problems)
    if not named:
        problems.setdefault("name", "missing.workers.name")
    phone = tried(lambda: phone_of(one_of(typed, "phone")), "phone", problems)
    if phone and "phone" not in problems and (place := _place(phone, answers)):
        problems["phone"] = f"phone_listed:{place}"
    owed = _owed(typed, problems)
    if len(answers.fellows) + 2 > MOST_WORKERS:
        problems["name"] = f"too_many_people:{MOST_WORKERS}"
    if problems:
        raise Invalid(problems)
    return Fellow(named, phone, owed)


def without(answers: Answers, phone: str) -> tuple[Fellow, ...]:
    """The others but for the one with this phone."""
    return tuple(one for one in answers.fellows if one.phone != phone)


def listed(answers: Answers) -> str | None:
    """The phone that who applies shares with one of the others; each has his own link, so each his own."""
    phone = answers.contact.phone if answers.contact else None
    return phone if any(one.phone == phone for one in answers.fellows) else None


def _place(phone: str, answers: Answers) -> int | None:
    """The place in the list of whoever has this phone; who applies is the first."""
    phones = [answers.contact.phone if answers.contact else "", *(one.phone for one in answers.fellows)]
    return phones.index(phone) + 1 if phone in phones else None


def _owed(typed: Typed, problems: dict[str, str]) -> int | None:
    """Fen, or None where he who applies cannot say."""
    written = one_of(typed, "owed").strip()
    if not written:
        if not one_of(typed, "unclear"):
            problems["owed"] = "amount_or_unknown"
        return None
    try:
        return spoken_yuan(text(written, 1000))
    except NotAnAmount as wrong:
        problems["owed"] = f"not_an_amount.{wrong.code}"
    except Problem as problem:
        problems["owed"] = str(problem)
    return None
