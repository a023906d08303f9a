"""What no page of ours would send: answered with 4xx and a sentence, and nothing is written."""

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from makers import FILED, NOW
from reading import filled, words
from sqlalchemy import func, select
from visiting import Played
from werkzeug.test import TestResponse

from mediation.domain.facts import BEIJING
from mediation.domain.words import vocabulary
from mediation.store.models import Case, Entry, Message
from mediation.web.given import iso_day

LATER = (NOW.astimezone(BEIJING) + timedelta(days=40)).date().isoformat()
JSON = {"Accept": "application/json"}
DAY = (NOW.astimezone(BEIJING) + timedelta(days=5)).date().isoformat()
PROBLEMS = vocabulary()["problems"]
HUGE = "9" * 100_000

FORMS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "plain": ("in_meeting", "worker", "/acts/offer", {"amount": "5000"}),
    "ticked": ("scheduled", "mediator", "/acts/open_meeting", {"present": ["worker:0", "employer:0"]}),
    "day": ("accepted", "worker", "/acts/extend", {"until": LATER}),
    "moment": ("accepted", "mediator", "/acts/convene", {"for_day": DAY, "for_time": "14:00"}),
    "correcting": (
        "accepted", "clerk", "/acts/correct_party",
        {"party": "worker:0", "detail": "name", "value": "王小明", "reason": "typed_wrongly"},
    ),
    "drafting": ("in_meeting", "mediator", "/acts/draft_terms",
                 {"payments-0-due": DAY, "payments-1-due": DAY}),
    "marking": ("terms_drafted", "worker", "/acts/mark_clauses", {"mark-0": "agree"}),
    "signing": ("awaiting_signatures", "worker", "/acts/sign", {"stated": ["read", "willing", "binding"]}),
    "code": ("awaiting_signatures", "worker", "/sign/code", {}),
    "meeting": ("in_meeting", "worker", "/meeting", {"body": "好"}),
}  # fmt: skip


@pytest.fixture
def database_kind() -> str:
    """Forms are read the same on both."""
    return "sqlite"


class Sent:
    """A form filled in as its page asks, in somebody's browser."""

    def __init__(self, app: Flask, transaction: Any, kind: str) -> None:
        state, role, self.path, typed = FORMS[kind]
        self.case = Played(app, transaction, state=state)
        self.client: FlaskClient = self.case.by(role)
        page = "/acts/sign" if kind == "code" else self.path
        self.typed = filled(self.client.get(self.case.url(page))) | typed

    def with_(self, headers: Any = None, **more: Any) -> TestResponse:
        """Send it with something else in it."""
        return self.client.post(self.case.url(self.path), data=self.typed | more, headers=headers)

    def written(self) -> tuple[int, int]:
        """How many entries and messages there are."""
        with self.case.transaction() as session:
            counts = (select(func.count()).select_from(table) for table in (Entry, Message))
            entries, messages = (session.scalar(one) or 0 for one in counts)
        return entries, messages


@pytest.fixture
def form(app: Flask, transaction: Any) -> Any:
    return lambda kind: Sent(app, transaction, kind)


def refused(answer: TestResponse, code: str) -> None:
    """The answer is a 422 that says this problem in words."""
    assert answer.status_code == 422, answer.text[:500]
    assert PROBLEMS[code]["zh"] in words(answer)


@pytest.mark.parametrize("kind", FORMS)
def test_a_field_that_the_form_does_not_have_is_refused_and_a_single_one_said_twice(
    form: Any, kind: str
) -> None:
    sent = form(kind)
    before = sent.written()
    for name in ("foo", "state", "payments-0-wish", "payments-00-amount", "mark-77", "by", "x" * 1000, ""):
        refused(sent.with_(**{name: "1"}), "unknown_field")
    refused(sent.with_(file=(io.BytesIO(b"x"), "x.txt")), "unknown_field")
    single = next(name for name in ("amount", "until", "for_day", "value", "overdue", "digest", "body")
                  if name in sent.typed) if kind != "ticked" else "seen"  # fmt: skip
    refused(sent.with_(**{single: [sent.typed[single], "6000"]}), "said_twice")
    assert sent.written() == before


def test_the_rest_of_what_was_typed_is_kept(form: Any) -> None:
    sent = form("plain")
    answer = sent.with_(amount="5000", note="分两次", foo="1")
    assert filled(answer)["amount"] == "5000"
    assert filled(answer)["note"] == "分两次"


def test_a_program_is_told_in_codes_and_sentences(form: Any) -> None:
    sent = form("plain")
    answer = sent.with_(JSON, foo="1", amount="１２３")
    assert (answer.status_code, answer.json["problems"]) == (422, {"foo": "unknown_field"})
    assert answer.json["said"] == {"foo": PROBLEMS["unknown_field"]["zh"]}
    many = sent.with_(JSON, **{f"foo{number}": "1" for number in range(500)})
    assert (many.status_code, len(many.json["problems"])) == (422, 10)


@pytest.mark.parametrize("kind", [kind for kind in FORMS if kind not in ("code", "signing", "marking")])
def test_the_form_as_its_page_sends_it_is_taken(form: Any, kind: str) -> None:
    """A box may be ticked several times: that is how a page without a script sends a list."""
    sent = form(kind)
    before = sum(sent.written())
    assert sent.with_().status_code == 302
    assert sum(sent.written()) > before


@pytest.mark.parametrize("seen", ["1e309", "x", "", " ", "-1", "１２", "1_0", "9" * 5000, "1.0", "\0"])
@pytest.mark.parametrize("kind", ["plain", "correcting", "drafting", "code"])
def test_a_form_that_does_not_say_what_was_seen_is_refused(form: Any, kind: str, seen: str) -> None:
    sent = form(kind)
    before = sent.written()
    refused(sent.with_(seen=seen), "not_seen")
    sent.typed.pop("seen")
    assert sent.with_(JSON).status_code == 422
    assert sent.written() == before


# a form, a field of it, what is typed, the code of the answer
ODD = [
    *(("plain", "amount", typed, f"not_an_amount.{code}") for typed, code in {
        "0": "zero", "-0": "negative", "-5": "negative", "1e309": "letters", "NaN": "letters",
        "Infinity": "letters", "-inf": "letters", "１２３": "full_width", "12３": "full_width",
        "٣٤": "letters", "²": "letters", "😀": "letters", "[5000]": "letters", "{}": "letters",
        "true": "letters", "null": "letters", "0x10": "letters", "0.001": "too_precise",
    }.items()),
    ("plain", "amount", HUGE, "too_long"),
    ("plain", "amount", "5\x00", "wrong_shape"),
    ("plain", "note", "长" * 100_000, "too_long"),
    ("plain", "note", "a\x00b", "wrong_shape"),
    *(("day", "until", typed, code) for typed, code in {
        "２０２６-05-01": "full_width", "2026-05-０１": "full_width", "20260501": "not_a_date",
        "2026-02-30": "not_a_date", "0000-01-01": "not_a_date", "999999-01-01": "not_a_date",
        "-2026-05-01": "not_a_date", "1e309": "not_a_date", "NaN": "not_a_date", "2026-05": "not_a_date",
        "2026-²05-01": "not_a_date", "2026-05-01²": "not_a_date", "2026-W18-5": "not_a_date",
        "2026x05x01": "not_a_date", "😀": "not_a_date", "a\x00": "wrong_shape", HUGE: "too_long",
    }.items()),
    *(("moment", "for_time", typed, code) for typed, code in {
        "１４：００": "full_width", "25:00": "not_a_time", "14:60": "not_a_time", "NaN": "not_a_time",
        "": "not_a_time", "14:0０": "full_width", HUGE: "too_long",
    }.items()),
    ("moment", "for_day", "999999-01-01", "not_a_time"),
    ("moment", "for_day", "", "not_a_time"),
    ("ticked", "present", ["worker:0", "mediator:0"], "wrong_shape"),
    ("ticked", "present", ["worker:0\x00"], "not_listed"),
    ("correcting", "party", "worker:99", "not_listed"),
    ("correcting", "detail", "state", "not_listed"),
    ("correcting", "value", "a\x00", "wrong_shape"),
    ("correcting", "value", HUGE, "too_long"),
    ("drafting", "payments-0-amount", "１２３", "not_an_amount.full_width"),
    ("drafting", "payments-0-due", "２０２６-05-01", "full_width"),
    ("drafting", "payments-0-due", "20260501", "not_a_date"),
    ("drafting", "payments-0-head", "gold", "not_listed"),
    ("drafting", "payments-0-worker", "-1", "not_a_number"),
    ("drafting", "payments-0-worker", "１", "not_a_number"),
    ("drafting", "overdue", HUGE, "too_long"),
    ("marking", "mark-0", "", "choose_mark"),
    ("meeting", "body", "a\x00b", "wrong_shape"),
    ("meeting", "body", HUGE, "too_long"),
]  # fmt: skip


def test_odd_values_are_refused_each_with_its_sentence(form: Any) -> None:
    """All in one, for a case can be asked again and again as long as nothing is written."""
    forms: dict[str, Sent] = {}
    for kind, name, typed, code in ODD:
        sent = forms[kind] = forms.get(kind) or form(kind)
        before = sent.written()
        answer = sent.with_(**{name: typed})
        shown = (kind, name, typed if len(typed) < 50 else "…")
        assert answer.status_code == 422, (*shown, answer.status_code)
        assert PROBLEMS[code]["zh"] in words(answer), shown
        assert sent.written() == before, shown


def test_bodies_that_are_no_form_are_refused(form: Any) -> None:
    sent = form("plain")
    before = sent.written()
    url = sent.case.url(sent.path)
    bodies: list[tuple[str, bytes]] = [
        ("application/json", b'{"seen": 9, "amount": "5000"}'),
        ("application/json", b"[1, 2"),
        ("application/json", b"null"),
        ("text/plain", b"amount=5000"),
        ("application/x-www-form-urlencoded", b"\xff\xfe\x00"),
        ("application/x-www-form-urlencoded", b"seen=%ff&amount=%ff%fe"),
        ("application/x-www-form-urlencoded", b"seen[]=9&amount[]=5000"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(20_000))),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Dis"),
    ]
    for kind, body in bodies:
        for headers in ({}, JSON):
            answer = sent.client.post(url, data=body, content_type=kind, headers=headers)
            assert 400 <= answer.status_code < 500, (kind, body[:50], answer.status_code)
            assert answer.text.strip()
    seen = str(sent.case.now()[1]).encode()
    broken = sent.client.post(
        url, data=b"seen=" + seen + b"&amount=%ff%fe", content_type="application/x-www-form-urlencoded"
    )
    assert broken.status_code == 422
    assert sent.written() == before


def test_more_rows_than_terms_may_have_are_refused_and_none_is_dropped_in_silence(form: Any) -> None:
    sent = form("drafting")
    row = {"worker": "0", "head": "wages", "amount": "1", "due": DAY}
    rows = {f"payments-{n}-{name}": value for n in range(201) for name, value in row.items()}
    before = sent.written()
    refused(sent.with_(**rows), "too_many")
    assert sent.written() == before


def test_a_filing_takes_its_own_fields_once(agent: Any, transaction: Any) -> None:
    client = agent()
    typed = filled(client.get("/desk/oral")) | FILED | {"employer.name": "某店"}
    for odd, code in (
        ({"state": "closed"}, "unknown_field"),
        ({"contact.mail": "a@b.example"}, "unknown_field"),
        ({"amount.wishes": "1"}, "unknown_field"),
        ({"story": ["一", "二"]}, "said_twice"),
        ({"day": "２０２６-01-01"}, "full_width"),
        ({"day": "20260101"}, "not_a_date"),
    ):
        answer = client.post("/desk/oral", data=typed | odd)
        refused(answer, code)
        assert filled(answer)["employer.name"] == "某店"
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0
    assert client.post("/desk/oral", data=typed).status_code == 302


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026/4/9", "2026-04-09"),
        (" 2026年4月9日 ", "2026-04-09"),
        ("2026.04.09", "2026-04-09"),
        ("2026—4—9", "2026-04-09"),
        ("２０２６年4月9日", "２０２６年4月9日"),
        ("20260409", "20260409"),
        ("2026-04-09x", "2026-04-09x"),
    ],
)
def test_the_marks_between_the_numbers_of_a_day_are_free_and_the_figures_are_not(
    typed: str, read: str
) -> None:
    assert iso_day(typed) == read
