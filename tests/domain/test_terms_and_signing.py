"""Terms are read clause by clause, signed as one digest, and sealed when everybody has signed it."""

import makers
import pytest
from msgspec import structs
from playing import Play, duty, payment, terms

from mediation.domain.terms import Signature
from mediation.engine.refusals import NotNow

UNMARKED = ("每一条都要双方点“同意”，才能送签。",)
CHANGED = ("协议刚改过，看一眼再签。",)
UNSIGNED = ("每位劳动者、单位和调解员都签字后才能盖章。",)


def said(play, *marks):
    return {"digest": play.facts.terms.digest, "said": [{"clause": c, "mark": m} for c, m in marks]}


def agree_to_all(play, seats=None):
    for side, seat in seats or play.facts.seats:
        play.act("mark_clauses", side, seat)


def sign_all(play, but=()):
    for side, seat in (*play.facts.seats, ("mediator", 0)):
        if (side, seat) not in but:
            play.act("sign", side, seat)


@pytest.mark.parametrize("act", ["draft_terms", "amend_terms"])
def test_terms_promise_something_to_workers_of_the_case(engine, act):
    play = Play(engine, "in_meeting" if act == "draft_terms" else "terms_drafted", workers=2)
    assert play.refused(act, terms=terms()) == ("协议里至少要有一笔钱或者一件要办的事。",)
    assert play.refused(act, terms=terms(payment(worker=2))) == ("协议里写了本案没有的劳动者。",)
    assert play.refused(act, terms=terms(payment(worker=1))) == ()
    assert play.refused("amend_terms", terms=terms(duty())) == ()


def test_terms_are_sent_for_signing_when_every_seat_agrees_to_every_clause(engine):
    play = Play(engine, "terms_drafted", workers=3)
    for side, seat in play.facts.seats:
        assert play.refused("send_for_signing") == UNMARKED
        play.act("mark_clauses", side, seat)
    assert play.refused("send_for_signing") == ()


def test_one_clause_that_somebody_wants_changed_keeps_the_terms_back(engine):
    play = Play(engine, "terms_drafted")
    agree_to_all(play)
    play.act("mark_clauses", "worker", marks=said(play, (1, "change")))
    assert play.refused("send_for_signing") == UNMARKED
    play.act("mark_clauses", "worker", marks=said(play, (1, "agree")))
    assert play.refused("send_for_signing") == ()


def test_of_two_words_on_one_clause_the_last_counts(engine):
    play = Play(engine, "terms_drafted")
    agree_to_all(play)
    play.act("mark_clauses", "worker", marks=said(play, (0, "agree"), (0, "change")))
    assert [m.mark for m in play.facts.marks if (m.side, m.clause) == ("worker", 0)] == ["change"]
    assert play.refused("send_for_signing") == UNMARKED


def test_marks_are_for_the_terms_that_were_read(engine):
    play = Play(engine, "terms_drafted")
    stale = said(play, (0, "agree"))
    play.act("amend_terms", terms=terms(payment(amount=1), duty()))
    wrong = ("协议刚改过，看一眼新的条款再表态。",)
    assert play.refused("mark_clauses", "worker", marks=stale) == wrong
    assert play.refused("mark_clauses", "worker", marks=said(play, (2, "agree"))) == wrong
    assert play.refused("mark_clauses", "worker", marks=said(play, (0, "agree"), (1, "agree"))) == ()


def test_an_amendment_voids_every_signature_and_keeps_marks_of_clauses_that_did_not_change(engine):
    first, second, third = payment(amount=10_000), payment(amount=20_000), duty()
    play = Play(engine, "terms_drafted", terms=terms(first, second, third))
    agree_to_all(play)
    play.act("send_for_signing")
    play.act("sign", "worker")
    play.act("sign", "employer")
    play.act("amend_terms", terms=terms(payment(amount=25_000), first, third))
    assert play.facts.state == "terms_drafted"
    assert play.facts.signatures == ()
    kept = {(m.side, m.clause) for m in play.facts.marks}
    assert kept == {("worker", 1), ("worker", 2), ("employer", 1), ("employer", 2)}
    assert play.refused("send_for_signing") == UNMARKED
    for side in ("worker", "employer"):
        play.act("mark_clauses", side, marks=said(play, (0, "agree")))
    assert play.refused("send_for_signing") == ()


@pytest.mark.parametrize(
    "change", [{"amount": 10_001}, {"due": "2026-04-02"}, {"head": "overtime"}, {"worker": 1}]
)
def test_a_clause_that_changed_in_anything_is_read_anew(engine, change):
    play = Play(engine, "terms_drafted", workers=2, terms=terms(payment()))
    agree_to_all(play)
    play.act("amend_terms", terms=terms(payment() | change))
    assert play.facts.marks == ()


def test_of_two_equal_clauses_each_keeps_its_own_mark(engine):
    play = Play(engine, "terms_drafted", terms=terms(payment(), payment()))
    play.act("mark_clauses", "employer")
    play.act("mark_clauses", "worker", marks=said(play, (0, "agree"), (1, "change")))
    play.act("amend_terms", terms=terms(payment(amount=5), payment(), payment()))
    assert {(m.clause, m.mark) for m in play.facts.marks if m.side == "worker"} == {
        (1, "agree"),
        (2, "change"),
    }
    for side in ("worker", "employer"):
        play.act("mark_clauses", side, marks=said(play, (0, "agree")))
    assert play.refused("send_for_signing") == UNMARKED


def test_only_what_is_shown_can_be_signed(engine):
    play = Play(engine, "awaiting_signatures")
    for side in ("worker", "employer", "mediator"):
        assert play.refused("sign", side, digest="0" * 64) == CHANGED
        assert play.refused("sign", side) == ()


def test_everybody_signs_once(engine):
    play = Play(engine, "awaiting_signatures", workers=2)
    sign_all(play)
    for side, seat in (*play.facts.seats, ("mediator", 0)):
        assert play.refused("sign", side, seat) == ("您已经签过字了。",)


@pytest.mark.parametrize("missing", [("worker", 0), ("worker", 6), ("employer", 0), ("mediator", 0)])
def test_sealing_is_refused_with_the_sentence_of_the_chart_until_all_have_signed(engine, missing):
    play = Play(engine, "awaiting_signatures", workers=7)
    sign_all(play, but=[missing])
    assert len(play.facts.signatures) == 8
    assert play.refused("seal") == UNSIGNED
    play.act("sign", *missing)
    assert play.act("seal") == ["begin_performing"]
    assert play.facts.sealed == play.at


def test_signatures_over_another_digest_seal_nothing(engine):
    play = Play(engine, "awaiting_signatures")
    sign_all(play)
    for place, signature in enumerate(play.facts.signatures):
        forged = list(play.facts.signatures)
        forged[place] = structs.replace(signature, digest="0" * 64)
        changed = structs.replace(play.facts, signatures=tuple(forged))
        honest, play.facts = play.facts, changed
        assert play.refused("seal") == UNSIGNED
        play.facts = honest


def test_a_signature_of_somebody_who_is_not_of_the_case_seals_nothing(engine):
    play = Play(engine, "awaiting_signatures")
    sign_all(play)
    stranger = Signature("worker", 1, "party:9", play.facts.terms.digest, play.at)
    play.facts = structs.replace(play.facts, signatures=(*play.facts.signatures, stranger))
    assert play.refused("seal") == UNSIGNED


def test_a_new_mediator_signs_for_himself(engine):
    """The paper names the mediator of the case: nobody's signature may stand for somebody else."""
    play = Play(engine, "awaiting_signatures")
    sign_all(play)
    play.act("assign", mediator="person:8")
    assert {s.side for s in play.facts.signatures} == {"worker", "employer"}
    assert play.refused("seal") == UNSIGNED
    play.act("assign", mediator="person:7")
    play.act("sign", "mediator")
    play.act("assign", mediator="person:7")
    assert {s.side for s in play.facts.signatures} == {"worker", "employer", "mediator"}
    assert play.refused("seal") == ()


def test_what_is_sealed_is_not_amended_marked_or_signed_again(engine):
    play = Play(engine, "performing")
    for act, role in (("amend_terms", None), ("mark_clauses", "worker"), ("sign", "worker"), ("seal", None)):
        with pytest.raises(NotNow):
            play.act(act, role)


def test_the_digest_is_of_everything_that_the_terms_say():
    def digest(**changes):
        from mediation.domain.fields import terms_from

        return terms_from(terms(payment(), duty()) | changes).digest

    seen = {
        digest(),
        digest(overdue="逾期加付"),
        digest(duties=[]),
        digest(duties=[duty(text="别的")]),
        digest(duties=[duty(due="2026-04-02")]),
        digest(payments=[payment(amount=10_001)]),
        digest(payments=[payment(worker=1)]),
        digest(payments=[payment(), payment()]),
        digest(payments=[payment(head="overtime")]),
        digest(payments=[payment(due="2026-04-02")]),
    }
    assert len(seen) == 10
    assert digest() == digest()


def test_sealing_promises_the_money_and_counts_the_case_and_its_workers(engine):
    play = Play(engine, "performing", workers=2, terms=terms(payment(0, 700), payment(1, 300), duty()))
    seal = next(link for link in play.links if link.move.action == "seal")
    posted = [(o.account, o.amount, o.worker) for o in seal.move.outcomes if type(o).__name__ == "Posting"]
    assert posted == [
        ("agreed", 700, 0),
        ("agreed", 300, 1),
        ("settled_cases", 1, None),
        ("settled_workers", 2, None),
    ]
    assert play.owed == [(0, 0), (0, 0)]


def test_terms_without_money_post_no_money(engine):
    play = Play(engine, "performing", terms=terms(duty()))
    seal = next(link for link in play.links if link.move.action == "seal")
    posted = [o.account for o in seal.move.outcomes if type(o).__name__ == "Posting"]
    assert posted == ["settled_cases", "settled_workers"]
    assert makers.path("performing")[-1] == "seal"
