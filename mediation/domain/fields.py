"""The fields an act can carry: read from what was typed or sent, into the plain value its entry keeps.

A plain value is text, a whole number, a list or a mapping of such: canonical JSON holds it, and
reading it again gives it back.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from mediation.domain import authorities, choosing, elements, halfdays, problems
from mediation.domain.characters import hidden, told
from mediation.domain.evidence import taken
from mediation.domain.facts import BEIJING
from mediation.domain.money import FULL_WIDTH, LIMIT, NotAnAmount, parse_yuan
from mediation.domain.terms import DUTIES, HEADS, MARKS, STANDS, WAYS, Duty, Payment, Terms
from mediation.domain.working_days import FIRST_YEAR, LAST_YEAR
from mediation.engine.workflow import Action

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MINUTE = (
    f"{_DAY}[T ][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:[.][0-9]{{1,6}})?)?(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?"
)
"""The library reads many more shapes (20260501, 2026-W18-5, a day without a time) that nobody means."""
_SEAT = re.compile(r"(worker|employer):[0-9]{1,4}")
MOST_TEXT, MOST_NOTE, MOST_CLAUSES = 2000, 500, 200


Invalid, Problem = problems.Invalid, problems.Problem


def read(action: Action, given: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields of `action` out of `given`.  Raises Invalid with every field at fault.

    An empty text counts as not given.  A field the act does not know is at fault too.
    """
    problems: dict[str, str] = {}
    found: dict[str, Any] = {}
    known = (*action.needs, *action.takes)
    for field in known:
        value = given.get(field)
        if value is None or (isinstance(value, str) and not value.strip()):
            if field in action.needs:
                problems[field] = "missing"
            continue
        try:
            found[field] = READERS[field](value)
        except Problem as problem:
            problems[field] = str(problem)
    problems |= {field: "unknown_field" for field in given if field not in known}
    if problems:
        raise Invalid(problems)
    return found


def text(value: Any, most: int = MOST_TEXT) -> str:
    """Text without control characters and outer spaces.  Raises Problem."""
    if not isinstance(value, str):
        raise Problem("wrong_shape")
    if len(value) > most:
        raise Problem("too_long")
    if any((ord(c) < 32 and c not in "\n\r\t") or 0xD800 <= ord(c) <= 0xDFFF for c in value):
        raise Problem("wrong_shape")
    return value.strip()


def promise(value: Any) -> str:
    """Text of an agreement: nothing that its readers do not see, or see in another order.  Raises Problem."""
    found = text(value)
    unseen = next(filter(hidden, found), None)
    if unseen is not None:
        raise Problem(f"hidden:{told(unseen)}")
    return found


def amount(value: Any, *, allow_zero: bool = False) -> int:
    """Fen, from text in yuan.  Raises Problem."""
    try:
        return parse_yuan(text(value, 40), allow_zero=allow_zero)
    except NotAnAmount as wrong:
        raise Problem(f"not_an_amount.{wrong.code}") from None


def calendar_day(value: Any) -> str:
    """An ISO date between 2000 and 2099.  Raises Problem."""
    written = _shaped(value, _DAY, "not_a_date")
    try:
        found = date.fromisoformat(written)
    except ValueError:
        raise Problem("not_a_date") from None
    if not 2000 <= found.year <= 2099:
        raise Problem("not_a_date")
    return found.isoformat()


def minute(value: Any) -> str:
    """An ISO moment with its offset; without one it is Beijing time.  Raises Problem."""
    written = _shaped(value, _MINUTE, "not_a_time")
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise Problem("not_a_time") from None
    if not FIRST_YEAR <= found.year < LAST_YEAR - 1:
        raise Problem("not_a_time")
    if found.tzinfo is None:
        found = found.replace(tzinfo=BEIJING)
    return found.isoformat()


def _shaped(value: Any, shape: str, otherwise: str) -> str:
    """Text of one shape, in the figures 0 to 9.  Raises Problem."""
    written = text(value, 40)
    if FULL_WIDTH.search(written):
        raise Problem("full_width")
    if not re.fullmatch(shape, written):
        raise Problem(otherwise)
    return written


def moment(written: str) -> datetime:
    """The moment that `minute` wrote."""
    return datetime.fromisoformat(written)


def count(value: Any) -> int:
    """A whole number from 0 to 9999, as such or in digits.  Raises Problem."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise Problem("not_a_number")
    digits = str(value).strip()
    if not re.fullmatch(r"[0-9]{1,4}", digits):
        raise Problem("not_a_number")
    return int(digits)


def terms(value: Any) -> dict[str, Any]:
    """The terms of an agreement, amounts in yuan as text; kept with amounts in fen.  Raises Problem."""
    if not isinstance(value, Mapping) or not value.keys() <= {"payments", "duties", "overdue"}:
        raise Problem("wrong_shape")
    payments, duties = value.get("payments", []), value.get("duties", [])
    if not isinstance(payments, list) or not isinstance(duties, list):
        raise Problem("wrong_shape")
    if len(payments) + len(duties) > MOST_CLAUSES:
        raise Problem("too_many")
    found = Terms(
        tuple(_payment(one) for one in payments),
        tuple(_duty(one) for one in duties),
        promise(value.get("overdue", "")),
    )
    if found.total >= LIMIT:
        raise Problem("not_an_amount.too_large")
    return dict(msgspec.to_builtins(found))


def _payment(one: Any) -> Payment:
    if not isinstance(one, Mapping) or not one.keys() <= {"worker", "head", "amount", "due"}:
        raise Problem("wrong_shape")
    return Payment(
        count(one.get("worker", 0)),
        _listed(one.get("head"), HEADS),
        amount(one.get("amount", "")),
        date.fromisoformat(calendar_day(one.get("due", ""))),
    )


def _duty(one: Any) -> Duty:
    if not isinstance(one, Mapping) or not one.keys() <= {"what", "due", "text"}:
        raise Problem("wrong_shape")
    return Duty(
        _listed(one.get("what"), DUTIES),
        date.fromisoformat(calendar_day(one.get("due", ""))),
        promise(one.get("text", "")),
    )


def terms_from(kept: Mapping[str, Any]) -> Terms:
    """The terms that an entry kept."""
    return msgspec.convert(kept, Terms)


def _listed(value: Any, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise Problem("not_listed")
    return str(value)


def marks(value: Any) -> dict[str, Any]:
    """Marks on clauses of one digest: {digest, said: [{clause, mark, note?}]}.  Raises Problem."""
    said = [_said(one, "clause", "mark", MARKS) for one in _rows(value)]
    return {"digest": text(value.get("digest"), 64), "said": said}


def answer(value: Any) -> dict[str, Any]:
    """An employer's answer: {way, said: [{claim, stand, amount?, note?}]}, amount in fen.  Raises Problem."""
    said = [_stand(one) for one in _rows(value)]
    return {"way": _listed(value.get("way"), WAYS), "said": said}


def _stand(one: Any) -> dict[str, Any]:
    found = _said(one, "claim", "stand", STANDS)
    return found | ({"amount": amount(one.get("amount"))} if found["stand"] == "partly" else {})


def _rows(value: Any) -> list[Any]:
    if not isinstance(value, Mapping) or not isinstance(value.get("said"), list):
        raise Problem("wrong_shape")
    if len(value["said"]) > MOST_CLAUSES:
        raise Problem("too_many")
    return list(value["said"])


def _said(one: Any, about: str, word: str, words: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(one, Mapping):
        raise Problem("wrong_shape")
    found = {about: count(one.get(about)), word: _listed(one.get(word), words)}
    note = text(one.get("note", ""), MOST_NOTE)
    return found | ({"note": note} if note else {})


def present(value: Any) -> list[str]:
    """Who is in the meeting, identity checked and willing: seats as `worker:0`, `employer:0`."""
    if not isinstance(value, list) or len(value) > MOST_CLAUSES:
        raise Problem("wrong_shape")
    if not all(_SEAT.fullmatch(text(one, 20)) for one in value):
        raise Problem("wrong_shape")
    return sorted({text(one, 20) for one in value})


def staff(value: Any) -> str:
    """A member of staff by his number, as actors are written: person:7.  Raises Problem."""
    written = text(value, 40)
    if not re.fullmatch(r"person:[0-9]{1,18}", written):
        raise Problem("not_listed")
    return written


def reference(value: Any) -> str:
    """A bank's reference, in one spelling however it was typed: no spaces, capitals.  Raises Problem."""
    return "".join(text(value, 40).split()).upper()


def seat(value: Any) -> str:
    """A party by its seat: `worker:0`, `employer:0`.  Raises Problem."""
    written = text(value, 20)
    if not _SEAT.fullmatch(written):
        raise Problem("not_listed")
    return written


def fingerprint(value: Any) -> str:
    """A keyed digest of something that the log may not hold.  Raises Problem."""
    written = text(value, 64)
    if not re.fullmatch(r"[0-9a-f]{64}", written):
        raise Problem("wrong_shape")
    return written


READERS: Mapping[str, Callable[[Any], Any]] = {
    **choosing.readers(Problem),
    "after": fingerprint,
    "agent": lambda value: authorities.referred(value, Problem("not_listed")),
    "amount": amount,
    "answer": answer,
    "authority": lambda value: authorities.named(value, Problem("wrong_shape")),
    "before": fingerprint,
    "claim": count,
    "digest": lambda value: text(value, 64),
    "duty": count,
    "elements": lambda value: elements.answers(value, {"day": calendar_day, "amount": amount}),
    "evidence": lambda value: taken(value, Problem("wrong_shape")),
    "for": minute,
    "halfdays": halfdays.taken,
    "instalment": count,
    "marks": marks,
    "mediator": staff,
    "note": text,
    "party": seat,
    "piece": fingerprint,
    "present": present,
    "promised": count,
    "reason": lambda value: text(value, 200),
    "receipt": lambda value: text(value, 60),
    "reference": reference,
    "representatives": present,
    "right_amount": lambda value: amount(value, allow_zero=True),
    "terms": terms,
    "to": lambda value: text(value, 200),
    "until": calendar_day,
    "was": lambda value: amount(value, allow_zero=True),
    "worker": count,
}
