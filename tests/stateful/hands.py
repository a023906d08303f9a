"""What people have in hand when they ask for an act: first what usually goes through, then what may not."""

from collections.abc import Callable
from datetime import datetime, timedelta

from acts import ACTS
from knowing import Hand, Who
from makers import evidence
from model import Dispute

MEDIATORS: tuple[Who, ...] = (("mediator", 0), ("mediator", 1))
STAFF: tuple[Who, ...] = (("clerk", 0), ("admin", 0))


def everybody(case: Dispute) -> list[Who]:
    """All who could ask for anything: those who have left too, and the mediator of other cases."""
    return [*(("worker", seat) for seat in range(case.workers)), ("employer", 0), *MEDIATORS, *STAFF]


def hands(name: str, case: Dispute, now: datetime) -> list[Hand]:
    """What may be in hand for this act."""
    found = HANDS.get(name)
    return found(case, now) if found else [{}]


def _meetings(_case: Dispute, now: datetime) -> list[Hand]:
    return [{"for": (now + timedelta(hours=hours)).isoformat()} for hours in (50, 0, -1)]


def _times(_case: Dispute, now: datetime) -> list[Hand]:
    days = [now.date() + timedelta(days=ahead) for ahead in (2, 31, 0, 32)]
    return [*({"halfdays": [f"{day}.morning", f"{day}.evening"]} for day in days), {"halfdays": []}]


def _present(case: Dispute, _now: datetime) -> list[Hand]:
    seats = sorted(f"{side}:{seat}" for side, seat in case.sides)
    return [{"present": one} for one in (seats, seats[:1], seats[1:], [*seats, "worker:9"])]


def _ends(case: Dispute, now: datetime) -> list[Hand]:
    end = case.last("working") if "working" in case.clocks else now.date()
    days = [end + timedelta(days=more) for more in (5, 20, 40)]
    if case.platform and "working" in case.clocks:
        days = [case.longest, end + timedelta(days=1), case.longest + timedelta(days=1)]
    wanted = sorted(case.named.values(), reverse=True)  # what the other side has named comes first
    return [{"until": one.isoformat()} for one in (*wanted, *days, end - timedelta(days=5))]


def _terms(case: Dispute, now: datetime) -> list[Hand]:
    def terms(days: int, fen: int, duties: int, seats: list[int]) -> Hand:
        due = (now.date() + timedelta(days=days)).isoformat()
        later = (now.date() + timedelta(days=days + 60)).isoformat()
        rows = [(seat, head, day) for seat in seats for head, day in (("wages", later), ("expenses", due))]
        return {
            "payments": [{"worker": s, "head": h, "amount": fen + s, "due": d} for s, h, d in rows if fen],
            "duties": [{"what": "leave_certificate", "due": later, "text": "证明"}] * duties,
        }

    stay = case.staying
    few = [terms(5, 500, 1, stay), terms(30, 10_000, 0, stay), terms(5, 0, 2, stay), terms(5, 500, 2, stay)]
    return [{"terms": one} for one in (*few, terms(5, 0, 0, stay), terms(5, 1, 0, [*stay, case.workers]))]


def _marks(case: Dispute, _now: datetime) -> list[Hand]:
    def marks(word: str, digest: str, more: int = 0) -> Hand:
        numbers = range((len(case.clauses) if case.terms else 1) + more)
        return {"marks": {"digest": digest, "said": [{"clause": n, "mark": word} for n in numbers]}}

    own = case.digest
    return [marks("agree", own), marks("change", own), marks("agree", "f" * 64), marks("agree", own, 1)]


def _reports(case: Dispute, now: datetime) -> list[Hand]:
    rooms = [case.room(index) for index in range(len(case.paid))] or [1]
    late = sum(room for room, payment in zip(rooms, case.payments, strict=False) if payment.due < now.date())
    used = sorted(case.references) or ["R0"]
    return [
        {"amount": late or sum(rooms) or 1, "reference": f"R{len(case.references) + 1}"},
        {"amount": max(1, sum(rooms) // 3)},
        {"amount": sum(rooms) or 1},
        {"amount": rooms[0] or 1, "worker": 0, "instalment": 0},
        {"amount": rooms[-1] or 1, "worker": case.workers - 1},
        {"amount": sum(rooms) + 1},
        {"amount": 1, "reference": used[0]},
        {"amount": 1, "worker": 9},
        {"amount": 1, "worker": 0, "instalment": 7},
    ]


def _claims(case: Dispute, _now: datetime) -> list[Hand]:
    return [
        {"claim": index, "was": was, "right_amount": right, "reason": "typed wrongly"}
        for index, was, right in (
            *((i, fen, max(0, fen - 100_000)) for i, (*_, fen) in enumerate(case.claims)),
            *((i, fen, fen + 700_000) for i, (*_, fen) in enumerate(case.claims)),
            (0, 1, 2),
            (0, case.claims[0][2], case.claims[0][2]),
            (99, 1, 2),
        )
    ]


def _payments(case: Dispute, _now: datetime) -> list[Hand]:
    paid = [(index, fen) for index, fen in enumerate(case.paid) if fen] or [(0, 0)]
    first, fen = paid[0]
    rows = [*((i, fen, 0) for i, fen in paid), (first, fen, fen // 2), (first, fen, fen + 1), (99, 1, 0)]
    return [{"promised": i, "was": was, "right_amount": fen, "reason": "bounced"} for i, was, fen in rows]


def _details(case: Dispute, _now: datetime) -> list[Hand]:
    number = len(case.log)
    rows = [
        ("worker:0", "phone", f"137{number:08d}"),
        ("employer:0", "phone", f"136{number:08d}"),
        ("employer:0", "name", f"某{number}厂"),
        (f"worker:{case.workers - 1}", "name", f"张{number}"),
        ("employer:0", "uscc", f"91110101{number:010d}"),
        ("employer:0", "contact", f"经理{number}"),
        ("worker:0", "contact", f"经理{number}"),
        ("worker:9", "name", "无名"),
        ("employer:0", "name", case.details["employer:0", "name"]),
        ("worker:0", "phone", "12"),
    ]
    found = [{"party": p, "detail": d, "value": v, "reason": "typed wrongly"} for p, d, v in rows]
    return [*found, {**found[2], "reason": f"not {case.details['employer:0', 'name']}"}]


def _authorities(case: Dispute, now: datetime) -> list[Hand]:
    today = now.date()
    number = f"{len(case.log):016x}"

    def given(ref: str, last: int, **more: str) -> Hand:
        end = (today + timedelta(days=last)).isoformat()
        days = {"start": today.isoformat(), "end": end}
        return {"authority": {"ref": ref, "kind": "relative", "scope": "special", **days, **more}}

    return [
        given(number, 30),
        given(number, 30, document=f"{1:064x}"),
        given(number, 30, document=f"{9:064x}"),
        given(number, -1),
        given(number, 800),
        given(next(iter(case.agents), number), 3),
    ]


def _agents(case: Dispute, _now: datetime) -> list[Hand]:
    refs = [*case.agents, "f" * 16]
    return [*({"agent": ref} for ref in refs), *({"agent": ref, "note": "看了原件"} for ref in refs)]


REASON = {"reason": "ended by mistake"}
HANDS: dict[str, Callable[[Dispute, datetime], list[Hand]]] = {
    "ask_info": lambda _case, _now: [{"missing": ["dates"]}, {"note": "工资条"}, {"missing": []}, {}],
    "assign": lambda _case, _now: [{"mediator": one} for one in MEDIATORS],
    "tell_elements": lambda _case, _now: [{"elements": {"wage": 600_000, "contract": "no"}}],
    "tell_times": _times,
    "convene": _meetings,
    "adjourn": _meetings,
    "open_meeting": _present,
    "extend": _ends,
    "offer": lambda _case, _now: [{"amount": 500_000}, {"amount": 1, "note": "最后一次"}],
    "counter": lambda _case, _now: [{"amount": 700_000}],
    "draft_terms": _terms,
    "amend_terms": _terms,
    "mark_clauses": _marks,
    "sign": lambda case, _now: [{"digest": case.digest}, {"digest": "f" * 64}],
    "report_payment": _reports,
    "confirm_payment": lambda _case, _now: [{}, {"instalment": 0}, {"instalment": 9}],
    "deny_payment": lambda _case, _now: [{}, {"instalment": 1}],
    "confirm_duty": lambda _case, _now: [{"duty": 0}, {"duty": 1}, {"duty": 9}],
    "end": lambda _case, _now: [{"reason": "gap"}],
    "decline": lambda _case, _now: [{"reason": "unwilling"}],
    "reject": lambda _case, _now: [{"reason": "out_of_scope", "route": "court"}],
    "return_rejection": lambda _case, _now: [{"note": "再问一下"}],
    "log_attempt": lambda _case, _now: [
        {"way": "call", "outcome": "no_reply", "note": "没人接"},
        {"way": "letter", "outcome": "returned"},
        {"way": "sms", "outcome": "no_reply"},
    ],
    "recuse": lambda _case, _now: [{"reason": "knows_a_party"}],
    "record_receipt": lambda _case, _now: [{"receipt": "接1号"}],
    "ask_pause": lambda _case, _now: [{"pause_for": one} for one in ("appraisal", "away")],
    "add_evidence": lambda _case, _now: [{"evidence": evidence(number)} for number in (1, 2, 3)],
    "open_evidence": lambda _case, _now: [{"piece": f"{number:064x}"} for number in (1, 2, 3)],
    "name_agent": _authorities,
    "verify_agent": _agents,
    "end_agent": _agents,
    "reopen": lambda _case, _now: [REASON],
    "resume_performance": lambda _case, _now: [REASON],
    "correct_party": _details,
    "correct_claim": _claims,
    "restate_payment": _payments,
    "approve_correction": lambda _case, _now: [REASON],
    "refuse_correction": lambda _case, _now: [REASON],
    "name_representatives": lambda case, _now: [
        {"representatives": [f"worker:{seat}" for seat in seats]}
        for seats in (case.staying[:3], case.staying[:2], [*case.staying[:2], case.workers])
    ],
    "refer": lambda _case, _now: [{"to": "仲裁院"}],
}
assert set(HANDS) <= set(ACTS)
