"""The fields of an act as its page asks for them, and what a form has typed into them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from mediation.domain import corrections
from mediation.domain.choosing import ONE_OF, SOME_OF
from mediation.domain.money import figures, plain
from mediation.engine.workflow import Action
from mediation.web import agents, assigning, history, undoing
from mediation.web.known import Form
from mediation.web.lines import duty_lines, payment_lines
from mediation.web.opened import Opened
from mediation.web.wording import worded, wording

REASONS: Mapping[str, tuple[str, ...]] = {
    "decline": ("unwilling", "self_settled", "to_arbitration", "other"),
    "reject": ("out_of_scope", "other_district", "other_side_refuses", "other"),
    "recuse": ("knows_a_party", "handled_before", "own_interest", "other"),
    "end": ("gap", "time_up", "refuses_to_sign", "to_arbitration", "unreachable", "other"),
    "decline_assignment": ("out_of_scope", "other_district", "other"),
    "return_to_court": ("unreachable", "unwilling", "gap", "time_up", "refuses_to_sign", "other"),
    "withdraw": ("self_settled", "to_arbitration", "other"),
    "reopen": ("clicked_wrongly", "both_willing", "recorded_wrongly", "other"),
    "resume_performance": ("clicked_wrongly", "both_willing", "recorded_wrongly", "other"),
    "correct_party": ("typed_wrongly", "has_changed", "other"),
    "correct_claim": ("typed_wrongly", "added_up_wrongly", "other"),
    "restate_payment": ("bounced", "confirmed_wrongly", "typed_wrongly", "other"),
    "approve_correction": ("saw_the_proof", "asked_both_sides", "other"),
    "refuse_correction": ("no_proof", "wrong_amount", "other"),
}
OTHER = "other"
ANY = ("worker", "instalment")
"""Two fields of the chart that a page asks for as one question: which payment?"""

_OURS = ("digest", "was", "before", "after")
"""Fields that no page asks for: they say what the case was when it was shown, or what becomes of it."""
_SENT: Mapping[str, tuple[str, ...]] = {
    "for": ("for_day", "for_time"),
    "reason": ("reason", "reason_other"),
    **dict.fromkeys(ANY, ("payment",)),
}
_SEATED = ("present", "representatives")
_TICKED = {*_SEATED, *SOME_OF}
_PLAIN = {"amount": "amount", "right_amount": "amount", "for": "moment", "until": "day", "note": "area"}

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One question of an act's page, with what was typed and what is wrong with it."""

    kind: str
    name: str
    label: str
    hint: str
    required: bool
    choices: Choices = ()
    value: str = ""
    values: tuple[str, ...] = ()
    more: str = ""
    problem: str | None = None


def questions(
    opened: Opened, action: Action, typed: MultiDict[str, str], problems: Mapping[str, str]
) -> list[Field]:
    """The questions of an act's page, in the order of the chart."""
    found = []
    for name in (*action.needs, *action.takes):
        if name in _OURS or (name in ANY and not _asks_which(opened, action, name)):
            continue
        found.append(_question(opened, action, name, typed, problems))
    return found


def raw(opened: Opened, action: Action, typed: MultiDict[str, str]) -> dict[str, Any]:
    """What `fields.read` is to read: only what the act knows, in the shape it wants."""
    found: dict[str, Any] = {}
    for name in (*action.needs, *action.takes):
        if name == "for":
            found[name] = _moment(typed.get("for_day", ""), typed.get("for_time", ""))
        elif name in _TICKED:
            found[name] = typed.getlist(name) or None
        elif name == "reason":
            chosen = typed.get("reason", "")
            found[name] = typed.get("reason_other", "") if chosen == OTHER else chosen
        elif name in ANY:
            found |= _which(opened, action, typed.get("payment", ""))
        elif name == "was":
            found[name] = _stands(opened, typed)
        elif name == "until":
            found[name] = iso_day(typed.get("until", ""))
        else:
            found[name] = typed.get(name, "")
    return found


def form(action: Action) -> Form:
    """What the page of a plain act sends, by the names in which it asks."""
    asked = {name for name in (*action.needs, *action.takes) if name not in _OURS}
    sent = {part for name in asked for part in _SENT.get(name, (name,))}
    return Form(frozenset(sent - _TICKED), frozenset(sent & _TICKED))


def unlisted(opened: Opened, action: Action, typed: MultiDict[str, str]) -> dict[str, str]:
    """What was chosen that the page did not offer."""
    return not_offered(questions(opened, action, typed, {}))


def not_offered(asked: Iterable[Field]) -> dict[str, str]:
    """The questions whose answer is none of their choices."""
    return {
        field.name: "not_listed"
        for field in asked
        if (field.choices or field.kind == "radios")
        and field.value
        and field.value not in dict(field.choices)
    }


def _question(
    opened: Opened, action: Action, name: str, typed: MultiDict[str, str], problems: Mapping[str, str]
) -> Field:
    asked = "payment" if name in ANY else name
    kind, choices = _kind(opened, action, asked)
    value = typed.get("for_day" if name == "for" else asked, "")
    if not value and asked in (*_AIMS, "agent") and len(choices) == 1:
        value = choices[0][0]
    more = {"for": typed.get("for_time", ""), "reason": typed.get("reason_other", "")}.get(name, "")
    return Field(
        kind,
        asked,
        wording("fields", f"{action.name}.{asked}", asked),
        _hint(opened, action, asked),
        name in action.needs,
        choices,
        value,
        tuple(typed.getlist(asked)),
        more,
        problems.get(name),
    )


def _kind(opened: Opened, action: Action, name: str) -> tuple[str, Choices]:
    if name == "reason":
        codes = REASONS.get(action.name, (OTHER,))
        return name, tuple((code, worded("reasons", code)) for code in codes)
    if name in _SEATED:
        sides = ("worker", "employer") if name == "present" else ("worker",)
        seats = [seat for seat in opened.facts.seats if seat[0] in sides]
        here = [one for one in opened.case.parties if (one.side, one.seat) in seats]
        return "present", tuple((f"{one.side}:{one.seat}", one.name) for one in here)
    if name in _LISTS:
        codes = ONE_OF.get(name) or SOME_OF[name]
        kind = "radios" if name in ONE_OF else "several"
        return kind, tuple((code, worded(_LISTS[name], code)) for code in codes)
    if name in _AIMS:
        return "radios", _aims(opened, name)
    offered = {"agent": _agents, "mediator": _mediators, "payment": _payments, "duty": _duties}.get(name)
    if offered is not None:
        return "radios", offered(opened, action)
    return _PLAIN.get(name, "text"), ()


def _hint(opened: Opened, action: Action, name: str) -> str:
    if name == "note":
        readers = history.note_readers(action.name, opened.actor.role)
        return wording("note_hints", "_".join(sorted(readers)))
    if name == "mediator":
        return assigning.kept_out(opened)
    return wording("field_hints", f"{action.name}.{name}", name)


def _mediators(opened: Opened, _action: Action) -> Choices:
    return assigning.mediators(opened)


def _agents(opened: Opened, action: Action) -> Choices:
    return agents.choices(opened, action.name)


def _duties(opened: Opened, _action: Action) -> Choices:
    undone = [duty for duty in duty_lines(opened) if not duty.done]
    return tuple((str(duty.index), duty.text or worded("duties", duty.what)) for duty in undone)


def _payments(opened: Opened, action: Action) -> Choices:
    """Payments that the act can be about, as `seat.place`; for a worker his own reported ones."""
    found = []
    for line in payment_lines(opened):
        mine = opened.actor.role != "worker" or line.seat == opened.actor.seat
        about = line.left if action.name == "report_payment" else line.reported
        if mine and about:
            words = (line.worker, worded("heads", line.head), figures(about), line.due)
            found.append((f"{line.seat}.{line.own}", wording("pieces", "payment").format(*words)))
    return tuple(found)


_LISTS = {
    "pause_for": "pauses", "way": "contact_ways", "outcome": "contact_outcomes",
    "route": "routes", "missing": "missing_items",
}  # fmt: skip
"""Fields chosen from a list of the vocabulary."""
_AIMS = {"claim": undoing.claims, "promised": undoing.paid}


def _aims(opened: Opened, name: str) -> Choices:
    """What a correction can be aimed at, with what stands there now."""
    words = wording("pieces", "aim")
    return tuple((place, words.format(said, figures(fen))) for place, fen, said in _AIMS[name](opened))


def _stands(opened: Opened, typed: MultiDict[str, str]) -> str:
    """Yuan that stand where the correction is aimed at; nothing there is a fault of another field."""
    places = {name: int(typed[name]) for name in _AIMS if typed.get(name, "").isdecimal()}
    about = corrections.aim(places)
    return plain((corrections.stands(opened.facts, *about) if about else None) or 0)


def _asks_which(opened: Opened, action: Action, name: str) -> bool:
    return name == ANY[0] and len(_payments(opened, action)) > 1


def _which(opened: Opened, action: Action, chosen: str) -> dict[str, str]:
    """The chosen payment; without a choice the only one, or none of them in particular."""
    offered = _payments(opened, action)
    if not chosen and len(offered) == 1:
        chosen = offered[0][0]
    seat, _, place = chosen.partition(".")
    return {"worker": seat, "instalment": place}


def _moment(day: str, time: str) -> str:
    if not day.strip() and not time.strip():
        return ""
    hour = _numbers(rf"([0-9]{{1,2}}){_BETWEEN}([0-9]{{1,2}})?{_AFTER}", time)
    clock = f"{int(hour[1]):02d}:{int(hour[2] or 0):02d}" if hour else time.strip() or "?"
    return f"{iso_day(day)}T{clock}"


def iso_day(typed: str) -> str:
    """A day as ISO where it can be understood: 2026/4/9 and the like; anything else as it was typed."""
    parts = _numbers(rf"([0-9]{{4}}){_BETWEEN}([0-9]{{1,2}}){_BETWEEN}([0-9]{{1,2}}){_AFTER}", typed)
    return f"{parts[1]}-{int(parts[2]):02d}-{int(parts[3]):02d}" if parts else typed.strip()


def _numbers(shape: str, typed: str) -> re.Match[str] | None:
    """The numbers in what was typed; none where some are in other figures than 0 to 9 (decision 0019)."""
    other = any(c.isnumeric() for c in typed if not c.isascii())
    return None if other else re.fullmatch(shape, typed.strip())


_BETWEEN, _AFTER = "[^0-9A-Za-z]{1,3}", "[^0-9A-Za-z]{0,3}"
"""What people put between the numbers of a day or a time, and behind them."""
