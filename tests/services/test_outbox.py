"""Who is told what: written with the act, decided and sent after it, never a name or an amount."""

import re
from datetime import timedelta
from string import Formatter

import makers
import pytest
from makers import act, make_case, make_staff
from sqlalchemy import select

from mediation.config import DEFAULTS
from mediation.domain.outcomes import Notice
from mediation.domain.rules import registry
from mediation.engine.catalogue import gather
from mediation.resources import folder
from mediation.services import notices
from mediation.services.afterwards import settle
from mediation.services.filing import KEY_LENGTH
from mediation.services.notices import code_text, send, sent_to, short, texts
from mediation.store.cases import party
from mediation.store.models import Case, OutgoingNotice, Party, SentMessage

SAMPLES = {
    "number": "2026-000128",
    "link": "t.example/k/" + "x" * KEY_LENGTH,
    "time": "12月31日14:00",
    "code": "482915",
    "day": "12月31日",
}
"""The longest values, with a short host as SMS_LINK_BASE and a key as filing makes it."""


def sent(session):
    return [(m.phone, m.body) for m in session.scalars(select(SentMessage).order_by(SentMessage.id))]


def send_all(transaction, office, at=makers.MONDAY):
    with transaction() as session:
        return send(session, office, at)


def test_nothing_is_sent_before_the_act_is_committed(transaction, office):
    def file_and_fall():
        with transaction() as session:
            make_case(session, office, state="submitted")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        file_and_fall()
    assert send_all(transaction, office) == 0
    with transaction() as session:
        make_case(session, office, state="submitted")
        assert sent(session) == []
    assert send_all(transaction, office) == 1


def test_a_notice_is_sent_once_with_the_number_and_the_link_of_whoever_gets_it(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="submitted", workers=2)
        keys = {p.phone: p.key for p in case.parties if p.side == "worker"}
    assert send_all(transaction, office) == 2
    assert send_all(transaction, office) == 0
    with transaction() as session:
        found = dict(sent(session))
        assert set(found) == set(keys) == {"13800000000", "13800000001"}
        for phone, body in found.items():
            assert body.startswith("【区工会调解】您的申请收到了，编号2026-000001。")
            assert body.endswith(f"{office.organisation.public_url}/k/{keys[phone]}")
        notice = session.scalars(select(OutgoingNotice)).one()
        assert notice.sent_at == makers.MONDAY
        assert notice.attempts == 1


def test_who_gets_it_is_decided_when_it_is_sent(transaction, office):
    """A number that was corrected between the act and the sending is the one that gets the text."""
    with transaction() as session:
        case_id = make_case(session, office, state="submitted").id
    with transaction() as session:
        party(session.get_one(Case, case_id), "worker").phone = "13811112222"
    send_all(transaction, office)
    with transaction() as session:
        assert [phone for phone, _ in sent(session)] == ["13811112222"]


def test_the_mediator_of_the_moment_is_told(transaction, office):
    with transaction() as session:
        old = make_staff(session, phone="13700000008")
        new = make_staff(session, phone="13700000009")
        case = make_case(session, office, state="accepted")
        act(session, office, case, "assign", data={"mediator": f"person:{old.id}"})
        act(session, office, case, "assign", data={"mediator": f"person:{new.id}"})
    send_all(transaction, office)
    with transaction() as session:
        phones = [phone for phone, body in sent(session) if "新案子" in body]
        assert set(phones) == {"13700000009"}


def test_a_mediator_who_is_not_there_holds_up_nobody(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="accepted")
        act(session, office, case, "assign", data={"mediator": "person:4711"})
        make_case(session, office, state="submitted")
    assert send_all(transaction, office) > 0
    with transaction() as session:
        assert session.scalars(select(OutgoingNotice).where(OutgoingNotice.sent_at.is_(None))).all() == []


def test_the_mediator_is_told_when_the_last_one_has_said_when_he_could_come(transaction, office):
    with transaction() as session:
        mediator = make_staff(session, phone="13700000009")
        case = make_case(session, office, state="accepted", workers=2)
        act(session, office, case, "assign", data={"mediator": f"person:{mediator.id}"})
        case_id = case.id
    told = []
    for side, seat in (("worker", 0), ("employer", 0), ("employer", 0), ("worker", 1), ("worker", 0)):
        with transaction() as session:
            none = {"halfdays": []}
            act(
                session, office, session.get_one(Case, case_id), "tell_times", role=side, seat=seat, data=none
            )
        send_all(transaction, office)
        with transaction() as session:
            told.append([phone for phone, body in sent(session) if "大家都答了" in body])
    assert told == [[], [], [], ["13700000009"], ["13700000009"]]


def test_clerks_have_an_inbox_and_get_no_text(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="needs_info")
        act(session, office, case, "give_info")
    send_all(transaction, office)
    with transaction() as session:
        assert len(sent(session)) == 2, "received, and asked for more"


def test_a_party_without_a_phone_is_not_texted(transaction, office):
    with transaction() as session:
        application = makers.make_application()
        application["employer"]["contact"]["phone"] = ""
        filing = makers.read_filing(application)
        make_case(session, office, state="contacting", filing=filing)
    send_all(transaction, office)
    with transaction() as session:
        assert {phone for phone, _ in sent(session)} == {"13800000000"}


def test_only_the_worker_whose_money_it_is_is_told(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="performing", workers=3)
    send_all(transaction, office)
    with transaction() as session:
        case = session.scalars(select(Case)).one()
        before = len(sent(session))
        act(session, office, case, "report_payment", data={"worker": 1, "amount": 100})
    send_all(transaction, office)
    with transaction() as session:
        assert [phone for phone, _ in sent(session)[before:]] == ["13800000001"]


def test_who_has_left_is_told_nothing_more(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="in_meeting", workers=2)
        act(session, office, case, "step_out", role="worker", seat=1, data={})
    send_all(transaction, office)
    with transaction() as session:
        before = len(sent(session))
        case = session.scalars(select(Case)).one()
        act(session, office, case, "offer", role="employer")
    send_all(transaction, office)
    with transaction() as session:
        assert [phone for phone, _ in sent(session)[before:]] == ["13800000000"]


def test_the_employer_is_not_told_of_a_case_it_has_not_joined(transaction, office):
    for joined, state in ((False, "submitted"), (True, "accepted")):
        with transaction() as session:
            case = make_case(session, office, state=state)
            act(session, office, case, "withdraw", data={})
            number = case.number
        send_all(transaction, office)
        with transaction() as session:
            told = [body for phone, body in sent(session) if phone == "13900000001" and "撤回" in body]
            assert any(short(number) in body for body in told) == joined


def test_what_was_sent_can_be_read_by_whoever_it_was_sent_to(transaction, office):
    with transaction() as session:
        first = make_case(session, office, state="accepted")
        make_case(session, office, state="submitted")
        first_id = first.id
    send_all(transaction, office)
    with transaction() as session:
        mine = party(session.get_one(Case, first_id), "worker")
        bodies = [message.body for message, _ in sent_to(session, mine)]
        assert len(bodies) == 3
        assert "已受理" in bodies[0]
        assert all(mine.key in body for body in bodies)


def test_who_chose_english_is_told_in_english_by_what_is_chosen_when_it_is_sent(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="accepted", workers=2)
        act(session, office, case, "convene", data={"for": "2026-04-09T06:05:00+00:00"})
        party(case, "worker").language = "en"
    send_all(transaction, office)
    with transaction() as session:
        told = {phone: body for phone, body in sent(session) if "14:05" in body}
    assert "Mediation meeting 9 Apr 14:05" in told["13800000000"]
    assert all("4月9日14:05" in told[phone] for phone in ("13800000001", "13900000001"))


def test_a_meeting_is_announced_in_beijing_time(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="accepted")
        act(session, office, case, "convene", data={"for": "2026-04-09T06:05:00+00:00"})
    send_all(transaction, office)
    with transaction() as session:
        assert any("4月9日14:05" in body for _, body in sent(session))


def test_a_meeting_that_has_begun_meanwhile_is_announced_to_nobody(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="accepted")
        act(session, office, case, "convene")
        send(session, office, case.moved_at)
        texted = len(sent(session))
        act(session, office, case, "open_meeting")
        act(session, office, case, "adjourn")
        act(session, office, case, "open_meeting")
        send(session, office, case.moved_at)
        assert len(sent(session)) == texted
        assert not any("改到" in body for _, body in sent(session))


def test_two_senders_at_once_do_not_take_the_same_notice(transaction, office, database_kind):
    with transaction() as session:
        make_case(session, office, state="submitted")
    if database_kind == "sqlite":
        return  # there the second sender waits for the first one's commit
    with transaction() as session:
        assert len(notices.waiting(session, makers.MONDAY)) == 1
        with transaction() as other:
            assert notices.waiting(other, makers.MONDAY) == []


def test_notices_go_out_even_if_a_paper_cannot_be_printed(transaction, office, tmp_path):
    with transaction() as session:
        case = make_case(session, office, state="awaiting_signatures")
        for side in ("worker", "employer", "mediator"):
            act(session, office, case, "sign", role=side)
        act(session, office, case, "seal")
    office.instance.mkdir(exist_ok=True)
    office.papers.write_text("a file where the folder should be")
    with pytest.raises(OSError, match="papers"):
        settle(transaction, office, makers.MONDAY + timedelta(days=1))
    with transaction() as session:
        assert any("已签好盖章" in body for _, body in sent(session))


# --- the texts ---------------------------------------------------------------------------------------


def every_text(language):
    for template, said in texts(language).items():
        if isinstance(said, str):
            yield template, "", said
        else:
            yield from ((template, audience, text) for audience, text in said.items())


def test_parties_have_every_text_in_both_languages():
    there = {(template, to) for template, to, _ in every_text("zh") if to != "mediator"}
    assert {(template, to) for template, to, _ in every_text("en")} == there
    for template, to, text in every_text("en"):
        assert not re.search("[\u3000-\u9fff\uff00-\uffef]", text), (template, to)
        chinese = texts()[template] if to == "" else texts()[template][to]
        assert places_of(text) == places_of(chinese), (template, to)


def places_of(text):
    return sorted(field for _, field, _, _ in Formatter().parse(text) if field)


@pytest.mark.parametrize("language", notices.LONGEST)
def test_every_text_fits_one_message_and_says_no_name_and_no_amount(language):
    for template, audience, text in every_text(language):
        written = f"【{DEFAULTS['SMS_SIGNATURE']}】{text.format(**SAMPLES)}"
        assert len(written) <= notices.LONGEST[language], (template, audience, len(written))
        places = [field for _, field, _, _ in Formatter().parse(text) if field]
        assert set(places) <= {"number", "link", "time", "code", "day"}, (template, audience)
        assert not re.search(r"元|￥|¥|%s|[0-9]\.[0-9]", text), (template, audience)
        # A citizen gets one way in; staff log in as always.
        waits = audience == "agent" and template in notices.TO_WHO_WAITS  # his link would open nothing
        comes_in = audience in ("workers", "named", "employer", "agent") or template == "left_behind"
        links = 1 if comes_in and not waits else 0
        assert places.count("link") == links, (template, audience)


def test_every_act_that_tells_somebody_has_a_text_for_everybody_it_can_tell(engine):
    """Clerks have their inbox; everybody else needs words."""
    told = {
        "notify_workers": {"workers"},
        "notify_paid_workers": {"workers"},
        "notify_employer": {"employer"},
        "notify_employer_if_joined": {"employer"},
        "notify_parties": {"workers", "employer"},
        "notify_mediator": {"mediator"},
        "notify_mediator_of_last_answer": {"mediator"},
        "notify_clerks": set(),
        "notify_of_new_mediator": {"workers", "employer"},
        "notify_named": {"named"},
        "notify_agent": {"agent"},
        "notify_filing_agent": {"agent"},
        "notify_agent_in_vain": {"agent"},
        "notify_principal": {"workers", "employer"},
        "notify_unsigned": {"workers", "employer", "mediator"},
        "notify_payer": {"employer"},
        "notify_late_payer": {"employer"},
        "notify_payee": {"workers"},
        "notify_corrected": {"workers", "employer"},
        "notify_of_correction": {"workers", "employer"},
    }
    sides = {"worker": "employer", "employer": "workers"}
    for action in engine.workflow.actions.values():
        wanted = set()
        for effect in action.then:
            if effect == "notify_other_side":
                wanted |= {sides[role] for role in action.by}
            elif effect.startswith("notify"):
                wanted |= told[effect]
        assert wanted <= set(texts().get(action.name, {})), action.name


def test_no_text_waits_for_an_act_that_never_tells_anybody():
    charts = [engine.workflow for engine in gather(folder("workflows"), registry())]
    for template, said in texts().items():
        if isinstance(said, str):
            continue  # sent by itself, for no act
        acts = [chart.actions[template] for chart in charts if template in chart.actions]
        assert acts, template
        for action in acts:
            assert any(effect.startswith("notify") for effect in action.then), template
        assert set(said) <= {"workers", "named", "employer", "agent", "mediator"}


def test_a_notice_of_the_code_asks_for_nothing(office):
    text = code_text(office.organisation)
    assert "{code}" in text
    assert "不会向您要验证码" in text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("东工调〔2026〕000128号", "2026-000128"),
        ("海淀〔2027〕1号", "2027-1"),
        (None, ""),
        ("", ""),
        ("A-17", "A-17"),
    ],
)
def test_a_case_number_is_shortened_as_people_say_it(number, said):
    assert short(number) == said


def test_the_groups_of_a_notice_are_those_the_outbox_knows():
    assert set(Notice.__annotations__["to"].__args__) == {
        "workers",
        "named",
        "agent",
        "employer",
        "mediator",
        "clerks",
    }
    assert Party.__tablename__ == "parties"
