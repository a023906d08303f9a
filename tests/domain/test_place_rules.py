"""The way to the right place: every way ends, every end is reached, and no time limit turns anybody away."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.domain.place_rules import (
    FILLED,
    MOST_QUESTIONS,
    OFFICE,
    SOURCE,
    UNSURE,
    PlacesError,
    places,
    read,
)
from mediation.domain.places import Both, Outcome, Places, Question, Way, follow

TEXT = SOURCE.read_text("utf-8")
RULES = places()
CHINESE = re.compile("[\u4e00-\u9fff]")


def ways(rules: Places, answers: dict[str, str] | None = None) -> Iterator[tuple[dict[str, str], Way]]:
    """Every way through the questions, with the answers that lead along it."""
    way = follow(rules, answers or {})
    if isinstance(way.next, Outcome):
        yield answers or {}, way
        return
    for code in way.next.choices:
        yield from ways(rules, (answers or {}) | {way.next.code: code})


EVERY_WAY = list(ways(RULES))


def led(**answers: str) -> Way:
    return follow(RULES, answers)


def ends_at(way: Way) -> str:
    assert isinstance(way.next, Outcome)
    return way.next.code


# --- every way ---------------------------------------------------------------------------------------


def test_every_way_ends_after_six_questions_at_the_most() -> None:
    asked = [len(way.steps) for _, way in EVERY_WAY]
    assert max(asked) == MOST_QUESTIONS == 6
    assert min(len(way.steps) for _, way in EVERY_WAY if ends_at(way) == "help") == 4
    assert len(EVERY_WAY) > 200


def test_every_outcome_and_every_question_is_reached() -> None:
    assert {ends_at(way) for _, way in EVERY_WAY} == set(RULES.outcomes)
    assert {question.code for _, way in EVERY_WAY for question, _ in way.steps} == set(RULES.questions)


def test_everybody_is_told_whom_to_call_what_to_do_and_on_what_it_rests() -> None:
    for outcome in RULES.outcomes.values():
        assert outcome.contacts
        assert outcome.steps
        assert outcome.laws
    assert all(rule.laws for _, way in EVERY_WAY for rule in (*way.limits, *way.notes))


def test_whoever_is_not_sure_may_say_so_at_every_question_and_is_told_to_call_us() -> None:
    for question in RULES.questions.values():
        outcome = RULES.outcomes[question.choices[UNSURE].to]
        assert "{phone}" in {contact.phone for contact in outcome.contacts}
        assert outcome.kind in {"ask", "urgent"}


def test_where_it_is_urgent_the_short_number_comes_first() -> None:
    assert {name: RULES.outcomes[f"urgent_{name}"].contacts[0].phone for name in ("hurt", "violence")} == {
        "hurt": "120",
        "violence": "110",
    }
    assert [choice.to for choice in RULES.questions[RULES.first].choices.values()][:2] == [
        "urgent_hurt",
        "urgent_violence",
    ]


# --- limitation --------------------------------------------------------------------------------------


def without_limits(rules: Places) -> Places:
    """The same rules with not one time limit in them."""
    return replace(
        rules,
        questions={
            name: replace(
                question,
                choices={code: replace(choice, limits=()) for code, choice in question.choices.items()},
            )
            for name, question in rules.questions.items()
        },
        outcomes={name: replace(outcome, limits=()) for name, outcome in rules.outcomes.items()},
    )


def test_limitation_never_turns_anybody_away() -> None:
    """Without the limits everybody ends where he ends with them, and no question asks how long ago it was."""
    bare = without_limits(RULES)
    assert all(ends_at(follow(bare, answers)) == ends_at(way) for answers, way in EVERY_WAY)
    assert not [
        question.code
        for question in RULES.questions.values()
        for said in (question.said.zh, *(choice.said.zh for choice in question.choices.values()))
        if re.search("多久|什么时候|几年|哪天", said)
    ]


def test_whoever_is_told_of_the_year_is_told_that_it_does_not_keep_him_out() -> None:
    for _, way in EVERY_WAY:
        said = " ".join(rule.said.zh for rule in way.limits)
        if "一年" in said and "仲裁" in said:
            assert "过了时间也可以申请" in said, ends_at(way)


# --- who is not turned away, and who is sent elsewhere --------------------------------------------------


@pytest.mark.parametrize("matter", ["pay", "conditions"])
def test_over_age_workers_are_not_turned_away(matter: str) -> None:
    way = led(danger="no", who="retired", retired=matter, place="here")
    assert ends_at(way) == "help"
    assert way.category == matter
    assert [law.article for note in way.notes for law in note.laws] == ["19"]
    assert (
        ends_at(led(danger="no", who="retired", retired="injury", injury="recognised", place="here"))
        == "help"
    )
    assert ends_at(led(danger="no", who="retired", retired="other")) == "retired_other"


@pytest.mark.parametrize("matter", ["pay", "conditions", "harm"])
def test_platform_workers_are_not_turned_away(matter: str) -> None:
    way = led(danger="no", who="platform", platform=matter, place="here")
    assert ends_at(way) == "help"
    assert "15" in " ".join(note.said.zh for note in way.notes)


@pytest.mark.parametrize(
    ("answers", "end", "phone"),
    [
        ({"who": "employee", "matter": "insurance", "insurance": "missing"}, "social_insurance", "12333"),
        ({"who": "employee", "matter": "insurance", "insurance": "fund"}, "fund", "12329"),
        ({"who": "employee", "matter": "insurance", "insurance": "agency"}, "benefits", "12333"),
        ({"who": "employee", "matter": "injury", "injury": "not"}, "recognition", "12333"),
        ({"who": "employee", "matter": "injury", "injury": "appraisal"}, "appraisal", "12333"),
        ({"who": "employee", "matter": "debt"}, "civil", "12348"),
        ({"who": "house", "house": "family"}, "domestic", "12348"),
        ({"who": "person"}, "person", "12348"),
        ({"who": "public"}, "public", "12348"),
        ({"who": "employee", "matter": "pay", "place": "beijing"}, "other_district", "12351"),
        ({"who": "employee", "matter": "pay", "place": "elsewhere"}, "other_city", "12351"),
        ({"who": "employee", "matter": "pay", "place": "bankrupt"}, "bankrupt", "12368"),
    ],
)
def test_who_else_can_help_is_named_with_a_number(answers: dict[str, str], end: str, phone: str) -> None:
    way = led(danger="no", **answers)
    assert ends_at(way) == end
    assert isinstance(way.next, Outcome)
    assert way.next.kind == "elsewhere"
    assert way.next.contacts[0].phone == phone


def test_a_loss_that_missing_insurance_caused_is_ours_though_the_insurance_is_not() -> None:
    way = led(danger="no", who="employee", matter="insurance", insurance="loss", place="here")
    assert ends_at(way) == "help"
    assert way.category == "conditions"


def test_wages_are_told_their_exception_and_a_dismissal_the_plain_year() -> None:
    pay = led(danger="no", who="employee", matter="pay", place="here")
    dismissal = led(danger="no", who="employee", matter="dismissal", place="here")
    assert "不受一年限制" in pay.limits[0].said.zh
    assert "从知道吃了亏那天起一年内" in dismissal.limits[0].said.zh
    assert [law.article for law in pay.limits[0].laws] == ["27"]


# --- odd answers -------------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from([*RULES.questions, "x", ""]), st.text(max_size=8) | st.just("no")))
def test_no_answers_whatever_lead_off_the_way(answers: dict[str, str]) -> None:
    way = follow(RULES, answers)
    assert isinstance(way.next, Question | Outcome)
    assert len(way.steps) <= MOST_QUESTIONS
    assert way.wrong == (isinstance(way.next, Question) and way.next.code in answers)


@given(st.sampled_from(EVERY_WAY), st.integers(0, MOST_QUESTIONS))
def test_a_way_can_be_gone_back_to_each_of_its_questions(gone: tuple[dict[str, str], Way], upto: int) -> None:
    answers, way = gone
    kept = dict(list(answers.items())[:upto])
    back = follow(RULES, kept)
    if upto < len(way.steps):
        assert back.next == way.steps[upto][0]
    else:
        assert back.next == way.next


# --- the words -----------------------------------------------------------------------------------------


def said() -> Iterator[Both]:
    """Every sentence that anybody can come to read."""
    for question in RULES.questions.values():
        yield from (question.said, *(choice.said for choice in question.choices.values()))
        yield from (question.hint,) if question.hint else ()
    for outcome in RULES.outcomes.values():
        yield from (outcome.said, outcome.why, *outcome.steps)
        yield from (both for contact in outcome.contacts for both in (contact.name, contact.use))
    for _, way in EVERY_WAY:
        yield from (rule.said for rule in (*way.limits, *way.notes))


@pytest.mark.parametrize(("chinese", "english"), sorted({(both.zh, both.en) for both in said()}))
def test_every_sentence_is_there_in_both_languages_and_in_plain_words(chinese: str, english: str) -> None:
    assert CHINESE.search(chinese) or chinese in {"{office}", "{commission}"}
    assert not CHINESE.search(english)
    assert not re.search("兹|予以|之规定|当事人|逾期|无效|非法|禁止", chinese)
    assert not re.search("[!！]", chinese + english)
    assert all(len(part) <= 32 for part in re.split("[。？：；]", chinese)), chinese


# --- faults of the file ----------------------------------------------------------------------------------


def faulty(old: str, new: str) -> str:
    """What is said of the rules with this piece of them changed."""
    assert TEXT.count(old) >= 1, old
    with pytest.raises(PlacesError) as fault:
        read(TEXT.replace(old, new, 1).encode(), "places.yaml")
    return str(fault.value)


def line_of(piece: str) -> int:
    return TEXT[: TEXT.index(piece)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("to: urgent_hurt}", "to: nowhere}", "leads nowhere: 'nowhere'"),
        ("company: {zh: 家政公司, en: A domestic service company, to: matter,",
         "company: {zh: 家政公司, en: A domestic service company, to: who,", "leads back to 'who'"),
        ("to: person}", "to: civil}", "outcomes.person: no answer leads here"),
        ("    law: [fund 38, beijing_answers 1–5]\n", "", "law is missing"),
        ("law: [fund 38, beijing_answers 1–5]", "law: [funds 38]", "no such law: 'funds'"),
        ("en: We can help you\n", "en: ''\n", "en is missing"),
        ("zh: 我们能帮您谈\n", "zh: ''\n", "zh is missing"),
        ("en: We can help you\n", "en: 我们\n", "en is no English"),
        ("kind: ask\n", "kind: rejected\n", "kind must be one of"),
        ("category: dismissal,", "category: firing,", "no category of a filing: 'firing'"),
        ("limits: [civil]", "limits: [never]", "limits has no 'never'"),
        ("contacts: [fund, office]", "contacts: []", "contacts are missing"),
        ('phone: "12329"', "phone: twelve", "'twelve' is no phone number"),
        ("打 {phone}，说说经过", "打 {fax}，说说经过", "nothing fills in {fax}"),
        ("first: danger", "first: nobody", "no such question: 'nobody'"),
        ("notes: [dispatch]", "notes: []", "notes.dispatch: nothing names it"),
        ("      unsure: {zh: 说不清, en: I cannot say, to: urgent_unsure}\n", "",
         "there is no answer 'unsure'"),
        ("en: I cannot say, to: urgent_unsure}", "en: I cannot say, to: who}",
         "must lead to an outcome with"),
        ("kind: help\n", "kind: help\n    colour: red\n", "unknown key 'colour'"),
        ("  ask:\n    kind", "  who:\n    kind", "a question is called 'who' too"),
        ("first: danger\n", "first: danger\nfirst: who\n", "first is said twice"),
    ],
)  # fmt: skip
def test_a_fault_of_the_rules_is_named(old: str, new: str, said: str) -> None:
    told = faulty(old, new)
    assert said in told
    assert all(re.match(r"places\.yaml:\d+: \S", line) for line in told.splitlines())


def test_a_fault_is_named_with_its_line() -> None:
    piece = "      hurt: {zh: 有人受伤"
    told = faulty("to: urgent_hurt}", "to: nowhere}")
    assert f"places.yaml:{line_of(piece)}: questions.danger.answers.hurt: leads nowhere" in told


def test_a_seventh_question_is_one_too_many() -> None:
    old = 'recognised: {zh: 认了，单位该给的没给, en: "Yes, but the employer has not paid", to: place,'
    more = 'recognised: {zh: 认了，单位该给的没给, en: "Yes, but the employer has not paid", to: more,'
    question = (
        "  more:\n    zh: 还有呢？\n    en: What else?\n    answers:\n"
        "      go: {zh: 没有了, en: Nothing, to: place}\n"
        "      unsure: {zh: 说不清, en: I cannot say, to: ask}\n\noutcomes:\n  help:"
    )
    assert old in TEXT
    with pytest.raises(PlacesError, match="asks a question after the 6th"):
        read(TEXT.replace(old, more).replace("\noutcomes:\n  help:", question).encode(), "places.yaml")


@pytest.mark.parametrize(
    "source", [b"", b"[]", b"first: x", b"\xff", b"{" * 2000, b"questions: [1, 2]\nfirst: {}"]
)
def test_whatever_the_file_holds_its_fault_is_named(source: bytes) -> None:
    with pytest.raises(PlacesError, match=r"places\.yaml"):
        read(source, "places.yaml")


def test_the_names_that_are_filled_in_are_those_of_the_office() -> None:
    assert set(re.findall(r"\{(\w+)\}", TEXT)) - {""} == FILLED
    assert OFFICE == "office"
