"""What the engine answers when somebody asks for an act."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from little_chart import CHART, NOON, Book, asked, registry

from mediation.engine.asking import Actor
from mediation.engine.deciding import Engine
from mediation.engine.loading import parse
from mediation.engine.refusals import NotNow, NotYours, Refused, Unknown, Unmet


@pytest.fixture(scope="module")
def lending():
    return Engine(parse(CHART.encode(), "lending.yaml", registry()), registry())


def test_an_act_says_from_where_to_where_and_what_follows_in_the_order_of_the_chart(lending):
    move = lending.decide(asked("lend", note="卷三"), Book())
    assert (move.action, move.source, move.target) == ("lend", "shelved", "lent")
    assert move.outcomes == ("wrote 卷三", "counted")
    assert [clock.name for clock in move.started] == ["loan"]
    assert move.stopped == ()


def test_an_act_without_a_target_leaves_the_case_where_it_is(lending):
    move = lending.decide(asked("praise", "reader", note="好"), Book("late"))
    assert (move.source, move.target) == ("late", "late")
    assert move.outcomes == ("wrote 好",)
    assert move.started == move.stopped == ()


def test_an_act_stops_the_clocks_it_is_named_for(lending):
    assert [clock.name for clock in lending.decide(asked("scrap"), Book("lent")).stopped] == ["loan"]


@pytest.mark.parametrize(
    "name", ["burn", "to_gone", "to_lent", "to_shelved", "trigger", "", "initial", "lent"]
)
def test_an_act_that_the_chart_does_not_have_is_unknown_to_everybody(lending, name):
    for role in ("librarian", "reader", "system", "caretaker"):
        with pytest.raises(Unknown) as refused:
            lending.decide(asked(name, role), Book())
        assert refused.value.action == name


def test_whose_act_it_is_is_said_before_whether_it_is_time(lending):
    with pytest.raises(NotYours) as refused:
        lending.decide(asked("lend", "reader"), Book("lent", kept=False))
    assert (refused.value.action, refused.value.role) == ("借出", "reader")


def test_whether_it_is_time_is_said_before_what_is_missing(lending):
    with pytest.raises(NotNow) as refused:
        lending.decide(asked("lend"), Book("lent", kept=False, reserved=True))
    assert (refused.value.action, refused.value.state) == ("借出", "借出")


def test_all_that_is_missing_is_said_at_once_in_the_sentences_of_the_chart(lending):
    with pytest.raises(Unmet) as refused:
        lending.decide(asked("lend"), Book(kept=False, reserved=True))
    assert refused.value.reasons == ("书坏了。", "有人预约了。")
    assert str(refused.value) == "书坏了。 有人预约了。"


def test_only_what_is_missing_is_said(lending):
    with pytest.raises(Unmet) as refused:
        lending.decide(asked("lend"), Book(reserved=True))
    assert refused.value.reasons == ("有人预约了。",)


@pytest.mark.parametrize("state", ["shelved", "lent", "late", "gone"])
def test_nothing_leaves_the_final_state(lending, state):
    open_acts = 0
    for name, action in lending.workflow.actions.items():
        for role in action.by:
            try:
                lending.decide(asked(name, role), Book(state, worn=True))
                open_acts += 1
            except NotNow:
                pass
    assert (open_acts == 0) == (state == "gone")


def test_every_refusal_has_a_code_that_a_page_can_explain():
    codes = [kind.code for kind in (Unknown, NotYours, NotNow, Unmet)]
    assert codes == ["unknown", "not_yours", "not_now", "unmet"]
    assert all(issubclass(kind, Refused) for kind in (Unknown, NotYours, NotNow, Unmet))


def test_an_effect_that_fails_changes_nothing_and_the_engine_goes_on():
    tries = []

    def stumble(book, ask):
        tries.append(ask.action)
        if len(tries) == 1:
            raise ZeroDivisionError
        return []

    known = registry(count_loans=stumble)
    engine = Engine(parse(CHART.encode(), "lending.yaml", known), known)
    book = Book()
    with pytest.raises(ZeroDivisionError):
        engine.decide(asked("lend", note="一"), book)
    assert book == Book()
    assert engine.decide(asked("lend", note="二"), book).outcomes == ("wrote 二",)
    assert tries == ["lend", "lend"]


def test_a_guard_that_fails_is_an_error_and_not_a_refusal():
    known = registry()
    broken = replace(known, guards={**known.guards, "well_kept": lambda _book, _ask: 1 / 0})
    engine = Engine(parse(CHART.encode(), "lending.yaml", broken), broken)
    with pytest.raises(ZeroDivisionError):
        engine.decide(asked("lend"), Book())


def test_deciding_changes_neither_the_case_nor_what_was_in_hand(lending):
    book = Book()
    ask = asked("lend", note="卷三")
    assert lending.decide(ask, book) == lending.decide(ask, book)
    assert book == Book()
    assert ask == asked("lend", note="卷三")


def test_one_engine_gives_eight_threads_the_same_answers(lending):
    books = [
        Book(s, k, r)
        for s in ("shelved", "lent", "late", "gone")
        for k in (True, False)
        for r in (True, False)
    ]
    asks = [asked(a, r, note=a) for a in (*lending.workflow.actions, "burn") for r in ("librarian", "reader")]

    def answers(_):
        return [answer(ask, book) for _ in range(5) for ask in asks for book in books]

    def answer(ask, book):
        try:
            return lending.decide(ask, book)
        except Refused as refused:
            return type(refused), str(refused)

    alone = answers(0)
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(answers, range(8)):
            assert found == alone


def test_choices_are_the_acts_of_a_role_in_this_state_open_or_with_the_reasons_why_not(lending):
    librarian = Actor("librarian", "librarian:1", "某人")
    found = lending.choices(Book(kept=False, reserved=True), librarian, NOON)
    assert [(choice.action.name, choice.open, choice.reasons) for choice in found] == [
        ("lend", False, ("书坏了。", "有人预约了。")),
        ("praise", True, ()),
        ("scrap", True, ()),
    ]
    reader = Actor("reader", "reader:1", "某人")
    assert [choice.action.name for choice in lending.choices(Book("late"), reader, NOON)] == [
        "praise",
        "give_back",
    ]
    assert lending.choices(Book("gone"), librarian, NOON) == []


def test_choices_agree_with_what_is_decided(lending):
    def answer(name, role, book):
        try:
            lending.decide(asked(name, role), book)
        except Unmet as unmet:
            return unmet.reasons
        except (NotNow, NotYours):
            return None
        return ()

    for book in [Book(state, kept) for state in lending.workflow.states for kept in (True, False)]:
        for role in ("reader", "librarian"):
            choices = lending.choices(book, Actor(role, f"{role}:1", "某人"), NOON)
            shown = {choice.action.name: choice.reasons for choice in choices}
            for name in lending.workflow.actions:
                assert shown.get(name) == answer(name, role, book)


def test_the_machine_has_no_door_that_the_chart_does_not_have(lending):
    assert set(lending._machine.events) == set(lending.workflow.actions)
