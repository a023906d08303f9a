"""What the system does by itself: never too early, never twice, in order, nothing past its sense."""

from datetime import UTC, date, datetime, timedelta

import makers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers import MONDAY
from msgspec import structs
from playing import Play, payment, terms

from mediation.domain.facts import BEIJING, day
from mediation.domain.folding import advance, begin, catch_up
from mediation.domain.outcomes import Notice
from mediation.domain.timing import Timer, next_wake, overdue, pending
from mediation.engine.asking import SYSTEM, Ask
from mediation.engine.refusals import NotNow, TooEarly

SECOND = timedelta(seconds=1)


def at(text):
    """A moment of 2026 in Beijing: `03-05 09:00`, with seconds or without."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


def told(links):
    """Whom a chain of acts told what."""
    return [
        (link.move.action, one.to) for link in links for one in link.move.outcomes if isinstance(one, Notice)
    ]


def done(links):
    return [link.move.action for link in links]


class Waiting(Play):
    """A case, and a worker that comes by when it is told to."""

    def until(self, moment):
        """Let the worker come by at this moment; what it did."""
        links = catch_up(self.engine, self.facts, moment, 1)
        if links:
            self.facts = links[-1].facts
            self.links += links
        return links

    def ahead(self):
        """What will be done as things stand, with its moment."""
        return [(timer.action, f"{timer.at:%m-%d %H:%M}") for timer in pending(self.engine, self.facts)]


# --- every timer of every state -----------------------------------------------------------------------

STATES = [state for state in makers.PATHS if state != "breached"]
FIRST, LAST = map(datetime.fromisoformat, ("2023-01-01", "2028-06-01"))
moments = st.datetimes(FIRST, LAST, timezones=st.sampled_from([UTC, BEIJING]))


@given(st.sampled_from(STATES), moments, st.integers(1, 3))
def test_each_is_done_once_at_its_moment_and_not_a_second_before(engine, state, begun, workers):
    case = makers.made(engine, state=state, begun=begun, workers=workers)
    facts, last, seen = case.facts, case.at, set()
    for _ in range(60):
        wakes = next_wake(engine, facts)
        if wakes is None:
            break
        assert wakes >= last, "in the order of their moments"
        assert overdue(engine, facts, wakes - SECOND) is None
        assert catch_up(engine, facts, wakes - SECOND, 1) == []
        links = catch_up(engine, facts, wakes.astimezone(UTC), 1)
        assert links, "its moment had come"
        for link in links:
            key = (link.ask.action, link.ask.data["due"], link.ask.data.get("item"))
            assert key not in seen
            seen.add(key)
            assert link.ask.actor is SYSTEM
            with pytest.raises((TooEarly, NotNow)):
                advance(engine, link.facts, link.ask)
        facts, last = links[-1].facts, wakes
        assert overdue(engine, facts, wakes) is None
    else:
        pytest.fail("it never ends")


@given(st.sampled_from(STATES), moments, st.lists(st.integers(1, 40 * 24 * 60), min_size=1, max_size=6))
def test_whoever_comes_late_does_the_same_in_the_same_order(engine, state, begun, pauses):
    case = makers.made(engine, state=state, begun=begun, workers=2)
    end = case.at + timedelta(minutes=sum(pauses))
    asleep = catch_up(engine, case.facts, end, 1)
    facts, moment, awake = case.facts, case.at, []
    for minutes in pauses:
        moment += timedelta(minutes=minutes)
        awake += catch_up(engine, facts, moment, 1)
        facts = awake[-1].facts if awake else facts
    assert [(one.ask.action, one.ask.data) for one in awake] == [
        (one.ask.action, one.ask.data) for one in asleep
    ]
    assert asleep[-1].facts.fired == facts.fired if asleep else facts == case.facts


def test_the_system_is_refused_a_second_before_and_for_the_same_day_again(engine):
    play = Waiting(engine, "awaiting_signatures")
    ask = Ask("lapse_signing", SYSTEM, 1, at("03-06 00:00") - SECOND, {"due": "2026-03-05"})
    with pytest.raises(TooEarly):
        advance(engine, play.facts, ask)
    with pytest.raises(TooEarly):  # it must say which day it is for
        advance(engine, play.facts, Ask(ask.action, SYSTEM, 1, at("03-09 00:00"), {}))
    late = Ask("lapse_signing", SYSTEM, 1, at("03-06 00:00"), {"due": "2026-03-05"})
    after = advance(engine, play.facts, late).facts
    assert after.state == "terms_drafted"
    again = structs.replace(after, state="awaiting_signatures")
    with pytest.raises(TooEarly):
        advance(engine, again, late)


def test_a_rung_of_the_ladder_is_refused_before_its_day_too(engine):
    play = Waiting(engine, "contacting")
    ask = Ask("call_employer", SYSTEM, 1, at("03-03 09:00") - SECOND, {"due": "2026-03-03"})
    with pytest.raises(TooEarly):
        advance(engine, play.facts, ask)


# --- midnight, leap days, the end of a year -----------------------------------------------------------


def test_a_signature_a_second_before_midnight_counts_and_at_midnight_does_not(engine):
    """Nobody needs to be awake: that the time is over stands in the facts."""
    in_time = Play(engine, "awaiting_signatures")
    in_time.act("sign", "worker", at=at("03-05 23:59:59"))
    assert in_time.facts.signatures
    for moment in (at("03-06 00:00"), at("03-06 08:30"), at("03-06 00:00").astimezone(UTC)):
        late = Play(engine, "awaiting_signatures")
        with pytest.raises(NotNow):
            late.act("sign", "worker", at=moment)
        assert not late.facts.signatures


def test_days_are_those_of_beijing_whatever_zone_a_moment_comes_in(engine):
    in_time = Play(engine, "awaiting_signatures")
    in_time.act("sign", "worker", at=datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC))
    assert in_time.facts.signatures
    late = Play(engine, "awaiting_signatures")
    with pytest.raises(NotNow):
        late.act("sign", "worker", at=datetime(2026, 3, 5, 16, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("filed", "wakes"),
    [
        ("2024-02-14T09:00:00", "2024-03-01T00:00:00"),  # fifteen days end on 29 February
        ("2023-02-13T09:00:00", "2023-03-01T00:00:00"),  # and in other years on the 28th
        ("2026-12-16T09:00:00", "2027-01-01T00:00:00"),  # on 31 December
        ("2026-03-02T23:59:59", "2026-03-18T00:00:00"),
        ("2026-03-03T00:00:00", "2026-03-19T00:00:00"),
        ("2026-03-06T09:00:00", "2026-03-24T00:00:00"),  # the last day is a Saturday, therefore Monday
    ],
)
def test_the_way_to_arbitration_opens_at_the_midnight_after_the_fifteenth_day(engine, filed, wakes):
    begun, wakes = (datetime.fromisoformat(text).replace(tzinfo=BEIJING) for text in (filed, wakes))
    facts = begin(engine, makers.make_filing().first_entry(), begun)
    ask = makers.asked("submit", at=begun)
    facts = advance(engine, facts, ask).facts
    opens = [timer.at for timer in pending(engine, facts) if timer.action == "open_exit"]
    assert opens == [wakes]
    before = catch_up(engine, facts, opens[0] - SECOND, 1)
    assert "open_exit" not in done(before)
    after = catch_up(engine, facts, opens[0], 1)[-1].facts
    assert after.exit_open == day(opens[0])


def test_the_day_kept_beside_the_open_way_is_when_somebody_saw_to_it(engine):
    """The law's fifteen days are in the entry; the facts say since when the people were told."""
    play = Waiting(engine, "submitted")
    links = [one for one in play.until(at("04-01 10:00")) if one.ask.action == "open_exit"]
    assert [one.ask.data["due"] for one in links] == ["2026-03-17"]
    assert told(links) == [("open_exit", "workers")]


# --- timers follow the facts --------------------------------------------------------------------------


def test_a_timer_goes_with_its_clock_and_with_the_state(engine):
    play = Waiting(engine, "awaiting_signatures")
    names = {name for name, _ in play.ahead()}
    assert names == {"remind_signing", "lapse_signing", "warn_working", "working_over", "open_exit"}
    for side in ("worker", "employer", "mediator"):
        play.act("sign", side)
    play.act("seal")
    assert {name for name, _ in play.ahead()} == {"remind_payment", "payment_day", "ask_arrival"}
    ended = Waiting(engine, "awaiting_signatures")
    ended.act("end", "worker")
    assert [name for name, _ in ended.ahead()] == ["warn_limitation"]


def test_an_extension_by_both_moves_what_is_due_and_one_side_alone_moves_nothing(engine):
    play = Waiting(engine, "accepted")
    assert ("warn_working", "03-14 09:00") in play.ahead()
    play.act("extend", "worker", until="2026-03-30")
    assert ("warn_working", "03-14 09:00") in play.ahead()
    play.act("extend", "employer", until="2026-03-29")
    assert ("warn_working", "03-14 09:00") in play.ahead()
    play.act("extend", "employer", until="2026-03-30")
    assert ("warn_working", "03-27 09:00") in play.ahead()
    assert ("working_over", "03-31 00:00") in play.ahead()


def test_what_was_said_once_is_said_again_for_a_later_day(engine):
    play = Waiting(engine, "accepted")
    assert "warn_working" in done(play.until(at("03-14 09:00")))
    assert "warn_working" not in [name for name, _ in play.ahead()]
    for side in ("worker", "employer"):
        play.act("extend", side, at=at("03-16 10:00"), until="2026-03-30")
    assert ("warn_working", "03-27 09:00") in play.ahead()
    assert "warn_working" in done(play.until(at("03-27 09:00")))


def test_what_would_have_been_due_before_the_later_day_was_named_is_left_out(engine):
    """Nobody is told on the eve of the day that three days are left."""
    play = Waiting(engine, "accepted")
    play.until(at("03-16 10:00"))
    for side in ("worker", "employer"):
        play.act("extend", side, at=at("03-17 10:00"), until="2026-03-18")
    assert [name for name, _ in play.ahead() if "working" in name] == ["working_over"]
    assert done(play.until(at("03-18 12:00"))) == ["open_exit"]
    assert done(play.until(at("03-19 00:00"))) == ["working_over"]


def test_a_meeting_on_another_day_is_announced_again_but_not_an_earlier_one(engine):
    play = Waiting(engine, "scheduled")
    assert play.ahead()[0] == ("remind_meeting", "03-08 09:00")
    assert done(play.until(at("03-08 09:00"))) == ["remind_meeting"]
    play.act("convene", at=at("03-08 10:00"), **{"for": at("03-12 09:00").isoformat()})
    assert play.ahead()[0] == ("remind_meeting", "03-11 09:00")
    play.until(at("03-11 09:00"))
    play.act("convene", at=at("03-11 10:00"), **{"for": at("03-11 15:00").isoformat()})
    assert "remind_meeting" not in [name for name, _ in play.ahead()]


def test_a_meeting_tomorrow_is_not_announced_for_yesterday(engine):
    play = Waiting(engine, "accepted")
    play.act("convene", at=at("03-03 15:00"), **{"for": at("03-04 09:00").isoformat()})
    assert "remind_meeting" not in [name for name, _ in play.ahead()]


def test_nobody_is_reminded_of_a_day_that_is_over_but_the_log_keeps_that_it_came(engine):
    for moment, expected in ((at("03-05 23:59:59"), True), (at("03-06 00:00"), False)):
        play = Waiting(engine, "awaiting_signatures")
        links = play.until(moment)
        assert done(links)[0] == "remind_signing"
        assert (("remind_signing", "workers") in told(links)) is expected
        assert play.facts.fired["remind_signing"] == date(2026, 3, 5)


def test_only_who_has_not_signed_is_reminded(engine):
    play = Waiting(engine, "awaiting_signatures", workers=2)
    play.act("sign", "worker", 1)
    play.act("sign", "mediator")
    links = play.until(at("03-04 09:00"))
    whom = [(one.to, one.seat) for one in links[0].move.outcomes]
    assert whom == [("workers", 0), ("employer", None)]


def test_who_signed_in_time_is_not_bound_by_those_who_did_not(engine):
    play = Waiting(engine, "awaiting_signatures")
    play.act("sign", "worker")
    links = play.until(at("03-06 00:00"))
    assert done(links) == ["remind_signing", "lapse_signing"]
    assert (play.facts.state, play.facts.signatures) == ("terms_drafted", ())
    play.act("send_for_signing", at=at("03-06 10:00"))
    assert [name for name, _ in play.ahead()][:2] == ["remind_signing", "lapse_signing"]


# --- the ladder towards the employer ------------------------------------------------------------------

RUNGS = ["call_employer", "contact_again", "visit_employer", "no_answer"]


def ladder(play):
    return [(name, when) for name, when in play.ahead() if name in RUNGS]


def test_the_rungs_stand_on_working_days(engine):
    """Asked on the Wednesday before Qingming, which is 4 to 6 April: those days do not count."""
    play = Waiting(engine, "submitted", begun=at("03-31 10:00"))
    play.act("contact_employer", at=at("04-01 10:00"))
    assert ladder(play) == [
        ("call_employer", "04-02 09:00"),
        ("contact_again", "04-07 09:00"),
        ("visit_employer", "04-09 09:00"),
        ("no_answer", "04-10 00:00"),
    ]
    assert done(play.until(at("04-02 09:00"))) == ["call_employer"]
    assert play.facts.nudge == "call_employer"
    links = play.until(at("04-07 09:00"))
    assert ("contact_again", "employer") in told(links)
    play.act("join", at=at("04-08 10:00"))
    assert play.facts.nudge is None, "somebody has taken it up"
    assert ladder(play) == []


def test_the_ladder_begins_anew_when_the_employer_is_asked_anew(engine):
    play = Waiting(engine, "contacting")
    play.until(at("03-05 12:00"))
    play.act("ask_info", at=at("03-05 13:00"), note="?")
    assert ladder(play) == []
    play.act("give_info", at=at("03-06 13:00"), note="!")
    play.act("contact_employer", at=at("03-06 14:00"))
    assert [name for name, _ in ladder(play)] == RUNGS
    assert ladder(play)[0] == ("call_employer", "03-09 09:00")


def test_the_worker_that_asked_cannot_take_away_what_the_desk_is_told(engine):
    """Only an act of a person takes a nudge away, not what the system does."""
    play = Waiting(engine, "contacting")
    play.until(at("03-03 09:00"))
    assert play.facts.nudge == "call_employer"
    play.until(at("03-05 09:00"))
    assert play.facts.nudge == "remind_acceptance"


# --- drafts -------------------------------------------------------------------------------------------


def test_a_draft_is_warned_of_seven_days_before_it_goes_after_ninety(engine):
    """Ninety days from 2 March end on a Sunday, therefore on Monday 1 June."""
    play = Waiting(engine, "draft")
    assert play.ahead() == [("warn_draft", "05-25 09:00"), ("expire_draft", "06-02 00:00")]
    assert told(play.until(at("05-25 09:00"))) == [("warn_draft", "workers")]
    assert play.until(at("06-01 23:59:59")) == []
    assert done(play.until(at("06-02 00:00"))) == ["expire_draft"]
    assert (play.facts.state, play.ahead()) == ("closed", [])


def test_a_draft_that_is_submitted_does_not_expire(engine):
    play = Waiting(engine, "draft")
    play.act("submit", at=at("06-01 23:59:59"))
    assert not {"warn_draft", "expire_draft"} & {name for name, _ in play.ahead()}
    late = Waiting(engine, "draft")
    with pytest.raises(NotNow):
        late.act("submit", at=at("06-02 00:00"))


# --- payments -----------------------------------------------------------------------------------------

TWO = terms(
    payment(0, due="2026-04-01"), payment(0, 20_000, due="2026-05-06"), payment(1, 5_000, due="2026-04-01")
)


def dunning(play):
    return [
        (timer.action, timer.item, f"{timer.at:%m-%d %H:%M}") for timer in pending(play.engine, play.facts)
    ]


def test_each_payment_is_reminded_of_three_days_before_on_the_day_and_the_day_after(engine):
    play = Waiting(engine, "performing", 2, TWO)
    assert dunning(play) == [
        ("remind_payment", 0, "03-29 09:00"),
        ("remind_payment", 2, "03-29 09:00"),
        ("payment_day", 0, "04-01 09:00"),
        ("payment_day", 2, "04-01 09:00"),
        ("ask_arrival", 0, "04-02 09:00"),
        ("ask_arrival", 2, "04-02 09:00"),
        ("remind_payment", 1, "05-03 09:00"),
        ("payment_day", 1, "05-06 09:00"),
        ("ask_arrival", 1, "05-07 09:00"),
    ]
    links = play.until(at("03-29 09:00"))
    assert [(link.ask.action, link.ask.data["item"]) for link in links] == [
        ("remind_payment", 0),
        ("remind_payment", 2),
    ]
    assert told(links) == [("remind_payment", "employer")] * 2
    assert play.facts.fired == {"remind_payment.0": date(2026, 4, 1), "remind_payment.2": date(2026, 4, 1)}


def test_who_has_reported_is_not_reminded_and_the_worker_is_asked(engine):
    play = Waiting(engine, "performing", 2, TWO)
    play.act("report_payment", amount=10_000, worker=0, instalment=0)
    assert [one for one in dunning(play) if one[1] == 0] == [("ask_arrival", 0, "04-02 09:00")]
    play.act("confirm_payment", "worker", 0, instalment=0)
    assert [one for one in dunning(play) if one[1] == 0] == []
    assert [one for one in dunning(play) if one[1] == 2] != []


def test_part_of_a_payment_leaves_its_reminders_there(engine):
    play = Waiting(engine, "performing", 2, TWO)
    play.act("report_payment", amount=9_999, worker=0, instalment=0)
    assert [name for name, item, _ in dunning(play) if item == 0] == [
        "remind_payment",
        "payment_day",
        "ask_arrival",
    ]
    play.act("confirm_payment", "worker", 0, instalment=0)
    assert [name for name, item, _ in dunning(play) if item == 0] == [
        "remind_payment",
        "payment_day",
        "ask_arrival",
    ]


def test_the_day_after_the_worker_is_asked_and_the_employer_only_if_he_reported_nothing(engine):
    for reported, expected in (
        (0, {"workers", "employer"}),
        (10_000, {"workers"}),
        (9_999, {"workers", "employer"}),
    ):
        play = Waiting(engine, "performing", 2, TWO)
        if reported:
            play.act("report_payment", amount=reported, worker=0, instalment=0)
        links = [one for one in play.until(at("04-02 09:00")) if one.ask.data.get("item") == 0]
        asked = [one for one in links if one.ask.action == "ask_arrival"]
        assert {one.to for one in asked[0].move.outcomes} == expected
        assert [one.seat for one in asked[0].move.outcomes if one.to == "workers"] == [0]


def test_a_denied_payment_is_owed_and_reminded_of_again(engine):
    play = Waiting(engine, "performing", 2, TWO)
    play.act("report_payment", amount=10_000, worker=0, instalment=0)
    play.act("deny_payment", "worker", 0, instalment=0)
    assert ("payment_day", 0, "04-01 09:00") in dunning(play)


def test_a_payment_due_on_the_day_of_the_seal_is_only_asked_after(engine):
    play = Waiting(engine, "performing", 1, terms(payment(due="2026-03-02")))
    assert dunning(play) == [("ask_arrival", 0, "03-03 09:00")]


def test_a_payment_that_is_late_is_still_asked_after_when_the_breach_is_recorded(engine):
    play = Waiting(engine, "performing", 1, terms(payment(due="2026-03-05")))
    play.act("record_breach", at=at("03-06 08:00"), note="-")
    assert dunning(play) == [("ask_arrival", 0, "03-06 09:00")]


# --- extensions ---------------------------------------------------------------------------------------


def on_a_platform(engine, state="accepted"):
    play = Waiting(engine, state)
    play.facts = structs.replace(play.facts, platform=True)
    return play


CAP = ("新就业形态劳动者的案子，最多再延长 15 天。",)


def test_platform_work_is_prolonged_by_fifteen_days_at_most(engine):
    """Accepted on 2 March: fifteen days until 17 March, and fifteen more until 1 April."""
    play = on_a_platform(engine)
    for side in ("worker", "employer"):
        assert play.refused("extend", side, until="2026-04-02") == CAP
        play.act("extend", side, until="2026-04-01")
    assert ("working_over", "04-02 00:00") in play.ahead()
    assert play.refused("extend", "worker", until="2026-04-02") == CAP
    other = Waiting(engine, "accepted")
    for side in ("worker", "employer"):
        other.act("extend", side, until="2026-12-01")
    assert ("working_over", "12-02 00:00") in other.ahead()


def test_nobody_is_woken_by_a_timer_that_has_nothing_to_do(engine):
    play = Waiting(engine, "rejected")
    assert next_wake(engine, play.facts) is None
    assert catch_up(engine, play.facts, MONDAY + timedelta(days=4000), 1) == []
    assert Timer("x", MONDAY, date(2026, 3, 2), 4).key == "x.4"
