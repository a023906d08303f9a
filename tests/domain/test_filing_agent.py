"""Who files for another: what must fit, and that nothing counts before he or his paper has said so."""

from datetime import date
from typing import Any

import makers
import pytest
from makers import MONDAY
from msgspec import structs
from playing import Play

from mediation.domain.applying import Agent, Answers, Contact, Firm
from mediation.domain.fields import Invalid
from mediation.domain.filing import read
from mediation.domain.filing_agent import faults
from mediation.domain.folding import begin
from mediation.domain.outcomes import Notice, Posting

TODAY = date(2026, 3, 2)
DAYS = {"start": "2026-03-02", "end": "2026-08-29"}
AUTHORITY = {"ref": "a" * 16, "kind": "relative", "scope": "general", **DAYS}
WHO = {"name": "某代理", "phone": "13700001111"}


def acting(**changes: str) -> Agent:
    return Agent("某代理", "13700001111", AUTHORITY | changes)


WHOLE = Answers(
    employer=Firm("某物业公司", "13900139000"),
    contact=Contact("周某", "13800138000", "1"),
    agent=acting(),
)


def filed(engine: Any, workers: int = 1) -> Play:
    """An application that somebody filed for the first worker."""
    whole = makers.make_application(workers=workers)
    whole["filed_by"] = WHO | {"authority": AUTHORITY}
    play = Play(engine, state="draft", workers=workers)
    play.facts = begin(engine, read(whole).first_entry(), MONDAY)
    play.act("submit")
    return play


def outcomes(play: Play, kind: type) -> list[Any]:
    return [one for one in play.links[-1].move.outcomes if isinstance(one, kind)]


def test_nobody_applies_yet_and_his_employer_is_not_called(engine: Any) -> None:
    play = filed(engine)
    assert play.facts.staying == ()
    assert outcomes(play, Posting) == []
    assert {(one.to, one.seat) for one in outcomes(play, Notice)} >= {("named", None), ("agent", 0)}
    for act in ("contact_employer", "ask_info"):
        assert "还没有人确认要申请" in play.refused(act)[0]


def test_the_checked_paper_makes_it_count(engine: Any) -> None:
    play = filed(engine)
    play.act("verify_agent", agent="a" * 16, note="看了原件")
    assert play.facts.staying == (0,)
    assert {(one.account, one.worker) for one in outcomes(play, Posting)} == {("claimed", 0)}
    assert len(outcomes(play, Posting)) == 2
    play.act("contact_employer")


def test_his_own_word_makes_it_count_and_the_paper_still_waits(engine: Any) -> None:
    play = filed(engine)
    play.act("confirm_place")
    assert play.facts.staying == (0,)
    assert len(outcomes(play, Posting)) == 2
    assert play.facts.authorities[0].waits
    play.act("verify_agent", agent="a" * 16, note="看了原件")
    assert outcomes(play, Posting) == [], "nothing counts twice"


def test_his_no_ends_the_authority_and_the_case(engine: Any) -> None:
    play = filed(engine)
    assert play.act("decline_place") == ["lapse"]
    assert play.facts.state == "withdrawn"
    assert play.facts.authorities[0].ended is not None


def test_while_somebody_else_may_still_apply_the_case_stays(engine: Any) -> None:
    play = filed(engine, workers=2)
    assert play.facts.staying == (1,), "the second is in the same dossier and was not asked"
    play.act("decline_place", "worker", 0)
    assert play.facts.state == "submitted"


def test_who_joins_too_late_is_not_written_into_terms_of_others(engine: Any) -> None:
    play = filed(engine, workers=2)
    facts = structs.replace(play.facts, state="terms_drafted", terms=makers.make_terms())
    play.facts = facts
    assert "没有这位劳动者的份" in play.refused("verify_agent", agent="a" * 16, note="看了原件")[0]


@pytest.mark.parametrize(
    ("changes", "at_fault"),
    [
        ({}, {}),
        ({"agent": None}, {}),
        ({"contact": Contact("周某", "13700001111", "1")}, {"contact": "agents_own_phone"}),
        ({"employer": Firm("某物业公司", "13700001111")}, {"agent": "other_side"}),
        ({"agent": acting(end="2026-03-01")}, {"agent": "authority_days"}),
        ({"agent": acting(end="2029-03-01")}, {"agent": "authority_days"}),
        ({"agent": acting(document="b" * 64)}, {"agent": "paper_gone"}),
        ({"agent": acting(document="c" * 64)}, {}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_where_it_can_be_mended(changes: Any, at_fault: dict[str, str]) -> None:
    assert faults(structs.replace(WHOLE, **changes), ["c" * 64], TODAY) == at_fault


@pytest.mark.parametrize(
    ("odd", "field"),
    [
        ("x", "filed_by"),
        (WHO | {"name": "", "authority": AUTHORITY}, "filed_by.name"),
        (WHO | {"phone": "1", "authority": AUTHORITY}, "filed_by.phone"),
        (WHO, "filed_by.authority"),
        (WHO | {"authority": AUTHORITY | {"scope": "all"}}, "filed_by.authority"),
        (WHO | {"authority": AUTHORITY | {"seat": 3}}, "filed_by.authority"),
        (WHO | {"authority": AUTHORITY | {"verified": "person:1"}}, "filed_by.authority"),
    ],
)  # fmt: skip
def test_nobody_files_with_an_authority_of_an_odd_shape(odd: Any, field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        read(makers.make_application() | {"filed_by": odd})
    assert field in wrong.value.problems


def test_the_phone_of_an_application_is_that_of_whoever_fills_it_in() -> None:
    assert WHOLE.phone == "13700001111"
    assert structs.replace(WHOLE, agent=None).phone == "13800138000"
    assert Answers().phone is None
