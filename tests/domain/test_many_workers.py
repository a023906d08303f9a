"""Who was only named answers for himself; ten with a common claim are a collective case."""

import makers
import msgspec
import pytest
from makers import MONDAY
from playing import Play

from mediation.domain.applying import Answers, Contact, Fellow
from mediation.domain.facts import Claim, Facts
from mediation.domain.fellows import listed, read, without
from mediation.domain.fields import Invalid
from mediation.domain.filing import Filing
from mediation.domain.filing import read as read_filing
from mediation.domain.folding import begin
from mediation.domain.outcomes import Notice, Posting

SAID = ("您已经答过了，不用再点。",)


def named(engine, workers=3, unconfirmed=(1, 2)):
    """A draft in which somebody else named these seats."""
    whole = makers.make_application(workers=workers)
    for seat in unconfirmed:
        whole["workers"][seat]["confirmed"] = False
    filing: Filing = read_filing(whole)
    play = Play(engine, state="draft", workers=workers)
    play.facts = begin(engine, filing.first_entry(), MONDAY)
    return play


def outcomes(play, kind):
    return [one for one in play.links[-1].move.outcomes if isinstance(one, kind)]


def test_who_was_only_named_takes_no_part_and_asks_for_nothing(engine):
    play = named(engine)
    play.act("submit")
    assert play.facts.staying == (0,)
    assert {one.worker for one in outcomes(play, Posting)} == {0}
    assert Notice("named") in outcomes(play, Notice)
    assert play.refused("withdraw", "worker", 1, note="x")
    assert play.refused("step_out", "worker", 0, note="x"), "he is the only one yet"


def test_who_confirms_takes_part_and_his_claims_count(engine):
    play = named(engine)
    play.act("submit")
    play.act("confirm_place", "worker", 2)
    assert play.facts.staying == (0, 2)
    assert {(one.account, one.worker, one.amount) for one in outcomes(play, Posting)} == {
        ("claimed", 2, 600_000), ("claimed", 2, 12_050),
    }  # fmt: skip
    assert [claim.worker for claim in play.facts.confirmed_claims] == [0, 0, 2, 2]
    assert play.refused("confirm_place", "worker", 2) == SAID
    assert play.refused("decline_place", "worker", 2) == SAID
    assert play.refused("confirm_place", "worker", 0) == SAID


def test_who_declines_is_out_and_nothing_is_posted(engine):
    play = named(engine)
    play.act("submit")
    play.act("decline_place", "worker", 1)
    assert (play.facts.declined, play.facts.unconfirmed) == ((1,), (2,))
    assert outcomes(play, Posting) == []
    assert play.refused("confirm_place", "worker", 1) == SAID
    assert play.refused("correct_claim", claim=2, was=600_000, right_amount=1, reason="x")
    assert not play.refused("correct_claim", claim=0, was=600_000, right_amount=500_000, reason="x")


def test_the_first_in_the_list_is_who_files(engine):
    assert named(engine, unconfirmed=(0, 1)).facts.unconfirmed == (1,)


def test_facts_of_a_case_of_before_read_as_ever(engine):
    facts = makers.make_facts(engine, workers=2)
    assert not {"unconfirmed", "declined", "representatives"} & set(msgspec.to_builtins(facts))


def facts_of(heads, **more):
    claims = tuple(Claim(seat, head, 1) for seat, head in enumerate(heads))
    return Facts("submitted", "pay", "110101005", "online", len(heads), claims, **more)


@pytest.mark.parametrize(
    ("heads", "more", "expected"),
    [
        (["wages"] * 10, {}, True),
        (["wages"] * 9, {}, False),
        (["wages"] * 9 + ["overtime"], {}, False),
        (["wages"] * 10, {"left": (3,)}, False),
        (["wages"] * 10, {"unconfirmed": (3,)}, False),
        (["wages"] * 11, {"declined": (3,)}, True),
    ],
)
def test_ten_with_a_common_claim_are_a_collective_case(heads, more, expected):
    assert facts_of(heads, **more).collective is expected


def test_three_to_five_of_those_who_take_part_represent_the_others(engine):
    play = Play(engine, state="accepted", workers=10)
    play.act("step_out", "worker", 9, note="x")
    few = ("十位以上劳动者有共同的请求，才推举代表。",)
    assert (
        play.refused("name_representatives", "clerk", representatives=["worker:0", "worker:1", "worker:2"])
        == few
    )
    play = Play(engine, state="accepted", workers=11)
    play.act("step_out", "worker", 9, note="x")
    wrong = ("代表要推举 3 到 5 位，都得是本案里参加的劳动者。",)
    for seats in ([0, 1], [0, 1, 2, 3, 4, 5], [0, 1, 9], [0, 1, 11], [0, 0, 1]):
        said = [f"worker:{seat}" for seat in seats]
        assert play.refused("name_representatives", "clerk", representatives=said) == wrong
    play.act("name_representatives", "clerk", representatives=["worker:4", "worker:0", "worker:2"])
    assert play.facts.representatives == (0, 2, 4)


ANSWERS = Answers(contact=Contact("周某", "13800138000", "1"), fellows=(Fellow("某二", "13800138001", 100),))


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({}, {"name": "missing.workers.name", "phone": "missing.workers.phone", "owed": "amount_or_unknown"}),
        ({"name": "某三", "phone": "13800138000", "owed": "1"}, {"phone": "phone_listed:1"}),
        ({"name": "某三", "phone": "１３８００１３８００１", "owed": "1"}, {"phone": "phone_listed:2"}),
        ({"name": "某三", "phone": "138", "owed": "1"}, {"phone": "phone_digits:3"}),
        ({"name": "某\0三", "phone": "13800138002", "unclear": "1"}, {"name": "wrong_shape"}),
    ],
)
def test_what_is_wrong_with_one_more_person(typed, problems):
    with pytest.raises(Invalid) as wrong:
        read({name: [value] for name, value in typed.items()}, ANSWERS)
    assert wrong.value.problems == problems


def test_one_more_person_and_one_fewer():
    said = {"name": ["某三"], "phone": ["138 0013 8002"], "owed": ["一万八"]}
    assert read(said, ANSWERS) == Fellow("某三", "13800138002", 18_000_00)
    assert without(ANSWERS, "13800138001") == ()
    assert listed(ANSWERS) is None
