"""What holds after every step, judged from the bare rows of the tables and the model beside them."""

import hashlib
import json
from collections import Counter
from datetime import UTC, date, timedelta, timezone
from typing import Any

from house import PLACE, Rows
from model import Dispute
from ticking import TIMERS, moment

BOOKS = {
    "claimed": ("claims", "claimed", "fen"),
    "agreed": ("owed", "agreed", "fen"),
    "paid": ("paid", "owed", "fen"),
    "settled_cases": ("settled_cases", "cases", "case"),
    "settled_workers": ("settled_workers", "workers", "person"),
    "opening_cases": ("settled_before", "opening", "case"),
    "opening_recovered": ("recovered_before", "opening", "fen"),
}
"""Measure → account debited, account credited, unit."""
MEASURES = {book[:2]: name for name, book in BOOKS.items()}
PRINT = 64
"""Letters of a fingerprint."""
BEIJING = timedelta(hours=8)

Row = dict[str, Any]


def kept(rows: Rows, disputes: dict[int, Dispute]) -> None:
    """All promises about all cases."""
    for case in rows["cases"]:
        number, dispute = case["id"], disputes[case["id"]]
        log = [row for row in rows["entries"] if row["case_id"] == number]
        one_state_and_an_entry_for_every_change(case, log, dispute)
        chained(case, log)
        posted_as_it_should([row for row in rows["ledger"] if row["case_id"] == number], log, dispute)
        paid_no_more_than_due(json.loads(case["facts"]), dispute)
        sealed_only_with_every_signature(json.loads(case["facts"]), log, dispute)
        clocks_are_as_counted(json.loads(case["facts"]), log, dispute)
        woken_in_time(case, log, dispute)
        on_record(case, [row for row in rows["parties"] if row["case_id"] == number], log, dispute)
        everybody_is_told([row for row in rows["outbox"] if row["case_id"] == number], dispute)
    reversed_at_most_once(rows["ledger"])
    totals_are_the_fold(rows)
    texts_go_to_the_right_people(rows, disputes)


def one_state_and_an_entry_for_every_change(case: Row, log: list[Row], dispute: Dispute) -> None:
    """I1, I2: as many entries as the revision says, without a gap, each beginning where the last ended."""
    assert [row["number"] for row in log] == list(range(1, case["revision"] + 1))
    assert [row["source"] for row in log] == ["", *(row["target"] for row in log[:-1])]
    assert case["state"] == log[-1]["target"] == json.loads(case["facts"])["state"] == dispute.state
    assert tuple(row["action"] for row in log) == dispute.log
    moments = [row["at"] for row in log]
    assert moments == sorted(moments)
    assert moments[-1] == case["moved_at"] == dispute.moved_at


def chained(case: Row, log: list[Row]) -> None:
    """I14: every entry holds the hash of the one before, the case that of the last."""
    before = ""
    for row in log:
        at = row["at"].astimezone(UTC)
        moment = f"{at:%Y-%m-%dT%H:%M:%S}" + (f".{at.microsecond:06d}" if at.microsecond else "") + "Z"
        said = [row[name] for name in ("number", "action", "source", "target", "role", "actor_id", "seat")]
        said += [moment, row["data"], before] + ([row["authority"]] if row["authority"] else [])
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        before = hashlib.sha256(text.encode()).hexdigest()
        assert row["hash"] == before, f"entry {row['number']} does not follow"
    assert case["head"] == before


def posted_as_it_should(lines: list[Row], log: list[Row], dispute: Dispute) -> None:
    """I3, I4: double entries in whole fen, just those the acts call for, on the day of their entry."""
    for row in lines:
        assert type(row["amount"]) is int
        assert row["amount"] > 0
        assert BOOKS[account(row).removeprefix("-")][2] == row["unit"]
        assert row["on_day"] == (log[row["entry"] - 1]["at"] + BEIJING).date()
        assert row["subdistrict"] == PLACE
    found = [(r["entry"], account(r), r["amount"], r["worker"], r["head"]) for r in lines]
    assert Counter(found) == Counter(dispute.lines)
    promised = sum(amount for _, book, amount, _, _ in found if book == "agreed")
    assert promised == (sum(payment.fen for payment in dispute.payments) if dispute.sealed else 0)


def account(row: Row) -> str:
    """What a line moves; with a minus where its accounts are exchanged."""
    found = MEASURES.get((row["debit"], row["credit"]))
    return found or f"-{MEASURES[row['credit'], row['debit']]}"


def reversed_at_most_once(ledger: list[Row]) -> None:
    """A line that names another takes back all of it, once, and is itself never taken back."""
    lines = {row["id"]: row for row in ledger}
    naming = [row for row in ledger if row["reverses"] is not None]
    assert len({row["reverses"] for row in naming}) == len(naming)
    for row in naming:
        first = lines[row["reverses"]]
        assert first["reverses"] is None
        assert account(row) == f"-{account(first)}"
        same = ("case_id", "amount", "unit", "worker", "head", "subdistrict")
        assert [row[name] for name in same] == [first[name] for name in same]


def clocks_are_as_counted(facts: Row, log: list[Row], dispute: Dispute) -> None:
    """Every clock as the model counts it; what a new table of holidays moved is what its entry says."""
    assert facts.get("platform", False) == dispute.platform
    found = facts["clocks"]
    assert set(found) == set(dispute.clocks)
    for name, one in dispute.clocks.items():
        kept = found[name]
        assert kept["last"] == one.last.isoformat(), name
        assert kept.get("until") == (one.until and one.until.isoformat()), name
        assert kept.get("paused") == (one.paused and one.paused.isoformat()), name
        assert ("stopped" in kept) == one.stopped, name
        assert kept.get("rungs", {}) == {str(number): day.isoformat() for number, day in one.rungs}, name
    moved = {row["number"]: json.loads(row["data"])["ends"] for row in log if row["action"] == "recount"}
    assert moved == {
        number: {name: day.isoformat() for name, day in days.items()}
        for number, days in dispute.moved.items()
    }


def on_record(case: Row, parties: list[Row], log: list[Row], dispute: Dispute) -> None:
    """Of each party what was filed or last corrected; nothing that ever was on record is in the log."""
    found = {
        (f"{row['side']}:{row['seat']}", detail): row[detail]
        for row in parties
        for detail in ("name", "phone", "contact", "uscc")
        if row[detail]
    }
    assert found == dispute.details
    assert case["employer_name"] == dispute.details["employer:0", "name"]
    written = "\n".join(row["data"] for row in log)
    assert not [value for value in dispute.said if value in written]
    prints = [json.loads(row["data"]) for row in log if row["action"] == "correct_party"]
    assert all(len(one["before"]) == len(one["after"]) == PRINT for one in prints)


def woken_in_time(case: Row, log: list[Row], dispute: Dispute) -> None:
    """Each act of the clock once for its day and thing, never before its time; the next is known."""
    coming = dispute.coming()
    assert case["wakes_at"] == (coming[0].at if coming else None)
    done = []
    for row in log:
        if row["action"] in TIMERS:
            said = json.loads(row["data"])
            done.append((row["action"], said["due"], said.get("item")))
            timer, day = TIMERS[row["action"]], date.fromisoformat(said["due"])
            assert row["at"] >= moment(timer.edge, timer.days, day, timezone(BEIJING))
    assert len(done) == len(set(done))


def paid_no_more_than_due(facts: Row, dispute: Dispute) -> None:
    """I6: of each payment what is paid and reported is what the model counts, and no more than is due."""
    owed = [(one["reported"], one["paid"]) for one in facts.get("owed", [])]
    assert owed == list(zip(dispute.reported, dispute.paid, strict=True))
    for (reported, paid), payment in zip(owed, dispute.payments, strict=False):
        assert reported >= 0
        assert paid >= 0
        assert reported + paid <= payment.fen
    assert (dispute.state == "performed") <= (not dispute.owes_something)


def sealed_only_with_every_signature(facts: Row, log: list[Row], dispute: Dispute) -> None:
    """I7: in force if both sides and the mediator signed the terms that stand, after they were written."""
    signed = [(one["side"], one["seat"]) for one in facts.get("signatures", [])]
    assert set(signed) == {(side, 0 if side == "mediator" else seat) for side, seat in dispute.signed}
    assert len(signed) == len(set(signed))
    sealed = any(row["action"] == "seal" for row in log)
    assert sealed == bool(facts.get("sealed")) == dispute.sealed
    if not sealed:
        return
    assert {one["digest"] for one in facts["signatures"]} == {dispute.digest}
    assert set(signed) == {*dispute.sides, ("mediator", 0)}
    written = max(row["number"] for row in log if row["action"] in ("draft_terms", "amend_terms"))
    put = [
        json.loads(row["data"])["digest"]
        for row in log
        if row["action"] == "sign" and row["number"] > written
    ]
    assert len(put) >= len(signed)
    assert set(put) == {dispute.digest}


def everybody_is_told(outbox: list[Row], dispute: Dispute) -> None:
    """The notices of each act, and no others."""
    found = [(row["entry"], row["audience"], row["seat"], row["template"]) for row in outbox]
    assert Counter(found) == Counter(dispute.told)


def totals_are_the_fold(rows: Rows) -> None:
    """I8: the running totals are the sums of the ledger, to the fen."""
    folded: Counter[tuple[str, str, str, str]] = Counter()
    for row in rows["ledger"]:
        measure, sign = account(row).removeprefix("-"), -1 if row["reverses"] else 1
        key = (measure, row["subdistrict"] or "", f"{row['on_day']:%Y-%m}", row["head"] or "")
        folded[key] += sign * row["amount"]
    running: Counter[tuple[str, str, str, str]] = Counter()
    for row in rows["totals"]:
        running[row["measure"], row["subdistrict"], row["month"], row["head"]] += row["amount"]
    assert running == folded


def texts_go_to_the_right_people(rows: Rows, disputes: dict[int, Dispute]) -> None:
    """I11: whatever was texted went to somebody of that case, and what waits was texted to nobody."""
    phones = {number: dispute.said for number, dispute in disputes.items()}
    for party in rows["parties"]:
        assert party["phone"] in phones[party["case_id"]]
    staff = {person["phone"] for person in rows["people"]}
    notices = {row["id"]: row for row in rows["outbox"]}
    for text in rows["sent"]:
        if text["notice_id"] is None:  # the owner of a number that is no longer on record
            assert text["phone"] in set().union(*phones.values())
            continue
        notice = notices[text["notice_id"]]
        assert notice["sent_at"] is not None
        assert text["phone"] in (staff if notice["audience"] == "mediator" else phones[notice["case_id"]])
