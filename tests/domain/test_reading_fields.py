"""What people type or send becomes plain values, or is refused with every field at fault."""

import json

import makers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.domain import fields
from mediation.domain.fields import Invalid, Problem
from mediation.domain.filing import read as read_filing
from mediation.domain.words import vocabulary

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("name", fields.READERS)
@given(value=anything)
def test_a_field_is_read_into_a_plain_value_or_is_a_problem_with_words(name, value):
    try:
        found = fields.READERS[name](value)
    except Problem as problem:
        known = vocabulary()["problems"]
        if str(problem) not in known:
            raise AssertionError(f"no words for {problem}") from None
    else:
        written = json.dumps(found)
        assert json.dumps(json.loads(written)) == written


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("amount", "18，640．50元", 1_864_050),
        ("until", " 2026-05-01 ", "2026-05-01"),
        ("for", "2026-05-01 14:00", "2026-05-01T14:00:00+08:00"),
        ("for", "2026-05-01T06:00:00Z", "2026-05-01T06:00:00+00:00"),
        ("worker", "3", 3),
        ("instalment", 0, 0),
        ("present", ["worker:1", "employer:0", "worker:1"], ["employer:0", "worker:1"]),
        ("note", " 一\n二 ", "一\n二"),
        ("mediator", "person:12", "person:12"),
        ("reference", " b2026 0401\t77 ", "B2026040177"),
    ],
)
def test_a_value_is_kept_in_its_plain_form(name, given, kept):
    assert fields.READERS[name](given) == kept


@pytest.mark.parametrize(
    ("name", "given", "problem"),
    [
        ("amount", "0", "not_an_amount.zero"),
        ("amount", "-1", "not_an_amount.negative"),
        ("amount", "abc", "not_an_amount.letters"),
        ("amount", "0.001", "not_an_amount.too_precise"),
        ("amount", "9" * 20, "not_an_amount.too_large"),
        ("amount", 18640, "wrong_shape"),
        ("amount", "１８６４０", "not_an_amount.full_width"),
        ("until", "２０２６-05-01", "full_width"),
        ("until", "20260501", "not_a_date"),
        ("until", "2026-W18-5", "not_a_date"),
        ("until", "2026-121", "not_a_date"),
        ("until", "٢٠٢٦-05-01", "not_a_date"),
        ("until", "0000-01-01", "not_a_date"),
        ("until", "999999-01-01", "not_a_date"),
        ("for", "2026-05-01T１４:00", "full_width"),
        ("for", "2026-05-01", "not_a_time"),
        ("for", "20260501T1400", "not_a_time"),
        ("for", "2026-05-01T24:00", "not_a_time"),
        ("for", "999999-05-01T14:00", "not_a_time"),
        ("until", "1999-12-31", "not_a_date"),
        ("until", "2100-01-01", "not_a_date"),
        ("until", "2026-02-29", "not_a_date"),
        ("for", "2026-05-01T25:00", "not_a_time"),
        ("worker", True, "not_a_number"),
        ("worker", "-1", "not_a_number"),
        ("worker", "10000", "not_a_number"),
        ("worker", "²", "not_a_number"),
        ("note", "a\x00b", "wrong_shape"),
        ("note", "\ud800", "wrong_shape"),
        ("note", "长" * 2001, "too_long"),
        ("present", ["worker:0", "mediator:0"], "wrong_shape"),
        ("present", "worker:0", "wrong_shape"),
        ("mediator", "赵", "not_listed"),
        ("mediator", "person:", "not_listed"),
        ("mediator", "party:1", "not_listed"),
        ("marks", {"digest": "x", "said": [{"clause": 0, "mark": "maybe"}]}, "not_listed"),
        ("marks", {"said": [], "digest": None}, "wrong_shape"),
        ("terms", {"payments": [{}] * 201}, "too_many"),
        ("terms", {"payments": [{"if": "x"}]}, "wrong_shape"),
    ],
)
def test_a_value_that_cannot_be_is_named_by_its_problem(name, given, problem):
    with pytest.raises(Problem, match=f"^{problem}$"):
        fields.READERS[name](given)


def test_terms_are_kept_in_fen_and_read_again_as_the_same_terms():
    typed = {
        "payments": [{"head": "wages", "amount": "4500.00", "due": "2026-04-01"}],
        "duties": [{"what": "leave_certificate", "due": "2026-04-01", "text": "出具证明"}],
        "overdue": "逾期加付",
    }
    kept = fields.terms(typed)
    assert list(kept["payments"]) == [{"worker": 0, "head": "wages", "amount": 450_000, "due": "2026-04-01"}]
    terms = fields.terms_from(json.loads(json.dumps(kept)))
    assert terms.total == 450_000
    assert len(terms.clauses) == 2
    assert terms.overdue == "逾期加付"


def test_every_field_at_fault_is_named_at_once(engine):
    action = engine.workflow.actions["report_payment"]
    with pytest.raises(Invalid) as invalid:
        fields.read(action, {"amount": "-1", "worker": "x", "instalment": None, "wish": "1"})
    assert invalid.value.problems == {
        "amount": "not_an_amount.negative",
        "worker": "not_a_number",
        "wish": "unknown_field",
    }
    with pytest.raises(Invalid) as invalid:
        fields.read(action, {"amount": "  "})
    assert invalid.value.problems == {"amount": "missing"}
    assert fields.read(action, {"amount": "1", "worker": "", "instalment": None}) == {"amount": 100}


def test_a_field_that_an_act_needs_has_a_reader(engine):
    for action in engine.workflow.actions.values():
        assert set(action.needs) | set(action.takes) <= set(fields.READERS), action.name


# --- applications ----------------------------------------------------------------------------------------


def test_an_application_is_read_with_every_fault_by_its_path():
    bad = makers.make_application(workers=2, category="love", story=" ")
    bad["workers"][0]["phone"] = "123"
    bad["workers"][1]["claims"][1]["amount"] = "-5"
    bad["employer"]["contact"]["phone"] = "call me"
    with pytest.raises(Invalid) as invalid:
        read_filing(bad)
    assert invalid.value.problems == {
        "category": "not_listed",
        "story": "missing",
        "workers.0.phone": "not_a_phone",
        "workers.1.claims.1.amount": "not_an_amount.negative",
        "employer.contact.phone": "not_a_contact_phone",
    }


def test_an_application_keeps_what_was_meant():
    typed = makers.make_application()
    typed["workers"][0]["phone"] = " +86 138-0000-0000 "
    typed["workers"][0]["claims"] = [{"head": "other", "amount": ""}]
    filing = read_filing(typed)
    assert filing.workers[0].phone == "13800000000"
    assert filing.workers[0].claims[0].amount == 0, "not everything that is claimed is money"
    assert set(filing.first_entry()) == {"category", "subdistrict", "channel", "workers", "claims"}


@given(value=anything, field=st.sampled_from(sorted(makers.make_application())))
def test_an_application_with_anything_in_a_field_is_read_or_refused(value, field):
    try:
        read_filing(makers.make_application() | {field: value})
    except Invalid as invalid:
        known = vocabulary()["problems"]
        if not set(invalid.problems.values()) <= set(known):
            raise AssertionError(f"no words for {invalid.problems}") from None


@given(value=anything, field=st.sampled_from(["name", "phone", "group", "claims"]))
def test_an_applicant_with_anything_in_a_field_is_read_or_refused(value, field):
    typed = makers.make_application()
    typed["workers"][0][field] = value
    assert all(path.startswith("workers.0") for path in faults_of(typed))


def faults_of(typed):
    try:
        read_filing(typed)
    except Invalid as invalid:
        return invalid.problems
    return {}
