"""Who somebody is: codes to the phone on file, passwords of staff."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import makers
import pytest
from makers import MONDAY, make_case, make_staff
from sqlalchemy import select

from mediation.services.access import (
    TRIES,
    VALID,
    BadCode,
    party_actor,
    send_code,
    staff_actor,
    staff_by_password,
    use_code,
)
from mediation.store.cases import find, party, party_by_key, party_by_phone, visible_to
from mediation.store.models import Case, Code, Person, SentMessage

TEXT = "【区工会调解】验证码{code}，5分钟内有效。"


def sent_code(transaction, subject="enter party:1", at=MONDAY):
    with transaction() as session:
        return send_code(session, subject, "13800000000", TEXT, at)


def other_than(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def tried(transaction, code, subject="enter party:1", at=MONDAY):
    """True if the code opens, else the tries that are left."""
    with transaction() as session:
        try:
            return use_code(session, subject, code, at)
        except BadCode as wrong:
            return wrong.tries_left


def test_the_code_that_was_texted_opens_once(transaction):
    code = sent_code(transaction)
    with transaction() as session:
        message = session.scalars(select(SentMessage)).one()
        assert (message.phone, message.body) == ("13800000000", TEXT.format(code=code))
    assert len(code) == 6
    assert tried(transaction, f" {code} ") is True
    assert tried(transaction, code) == 0


def test_a_wrong_code_costs_a_try_and_after_the_last_the_right_one_opens_nothing(transaction):
    code = sent_code(transaction)
    for left in range(TRIES - 1, -1, -1):
        assert tried(transaction, other_than(code)) == left
    assert tried(transaction, code) == 0


def test_after_some_wrong_tries_the_right_code_still_opens(transaction):
    code = sent_code(transaction)
    for wrong in ("", "000", other_than(code), "abcdef"):
        assert tried(transaction, wrong) > 0
    assert tried(transaction, code) is True


def test_a_code_lives_five_minutes(transaction):
    assert timedelta(minutes=5) == VALID
    code = sent_code(transaction)
    assert tried(transaction, code, at=MONDAY + VALID + timedelta(seconds=1)) == 0
    assert tried(transaction, code, at=MONDAY + VALID) is True


def test_a_new_code_kills_the_old_one(transaction):
    old = sent_code(transaction)
    new = sent_code(transaction, at=MONDAY + timedelta(seconds=40))
    if old != new:
        assert tried(transaction, old) == TRIES - 1
    assert tried(transaction, new) is True
    assert tried(transaction, old) == 0


def test_a_code_opens_only_what_it_was_sent_for(transaction):
    mine = sent_code(transaction, "enter party:1")
    sent_code(transaction, "sign party:1 12")
    assert tried(transaction, mine, "sign party:1 12") != True  # noqa: E712 - a number of tries is no yes
    assert tried(transaction, mine, "enter party:2") == 0
    assert tried(transaction, mine, "enter party:1") is True


def test_the_code_itself_is_not_stored(transaction):
    code = sent_code(transaction)
    with transaction() as session:
        row = session.scalars(select(Code)).one()
        assert code not in row.digest
        assert len(row.digest) == 64
    other = sent_code(transaction, "enter party:2")
    with transaction() as session:
        digests = set(session.scalars(select(Code.digest)))
    assert len(digests) == 2, f"the same code {other} for another subject would have another digest"


def test_codes_differ(transaction):
    assert len({sent_code(transaction, f"enter party:{n}") for n in range(20)}) > 15


def test_a_code_is_used_by_one_of_many_who_have_it(transaction):
    code = sent_code(transaction)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: tried(transaction, code), range(6)))
    assert answers.count(True) == 1


def test_guesses_at_the_same_time_all_cost_a_try(transaction):
    code = sent_code(transaction)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: tried(transaction, other_than(code)), range(8)))
    assert tried(transaction, code) == 0


# --- passwords --------------------------------------------------------------------------------------------


def test_staff_come_in_with_their_password_and_nobody_else(transaction):
    with transaction() as session:
        made = make_staff(session, login="zhao", password="correct horse battery")
        assert "correct" not in made.password
    with transaction() as session:
        assert staff_by_password(session, "zhao", "correct horse battery").login == "zhao"
        assert staff_by_password(session, "zhao", "Correct horse battery") is None
        assert staff_by_password(session, "zhao", "") is None
        assert staff_by_password(session, "nobody", "correct horse battery") is None
        assert staff_by_password(session, "ZHAO", "correct horse battery") is None


def test_staff_who_have_gone_do_not_come_in(transaction):
    with transaction() as session:
        make_staff(session, login="zhao", password="correct horse battery").active = False
    with transaction() as session:
        assert staff_by_password(session, "zhao", "correct horse battery") is None


def test_a_password_that_nobody_knows_opens_nothing(transaction):
    with transaction() as session:
        person = make_staff(session, login="zhao")
        for guess in ("", "!", person.password):
            assert staff_by_password(session, "zhao", guess) is None


def test_everybody_has_a_session_key_of_his_own(transaction):
    with transaction() as session:
        for number in range(3):
            make_staff(session, login=f"p{number}")
        assert len(set(session.scalars(select(Person.session_key)))) == 3


# --- who may open what --------------------------------------------------------------------------------------


@pytest.fixture
def two_cases(transaction, office):
    """Two cases of the same mediator's office, mediated by two people."""
    with transaction() as session:
        one = make_case(session, office, state="in_meeting", workers=2)
        other = make_case(session, office, state="accepted")
        second = make_staff(session, name="钱调解员")
        makers.act(session, office, other, "assign", data={"mediator": f"person:{second.id}"})
        return one.ref, other.ref


def test_a_foreign_case_is_not_there(transaction, two_cases):
    one, other = two_cases
    with transaction() as session:
        case = session.scalars(select(Case).where(Case.ref == one)).one()
        people = {
            "worker 0": party_actor(party(case, "worker", 0)),
            "worker 1": party_actor(party(case, "worker", 1)),
            "employer": party_actor(party(case, "employer")),
            "mediator": staff_actor(session.get_one(Person, int(case.mediator_id.removeprefix("person:")))),
        }
        for name, who in people.items():
            assert find(session, who, one).ref == one, name
            assert find(session, who, other) is None, name
            assert len(session.scalars(visible_to(who)).unique().all()) == 1
        for role in ("clerk", "admin"):
            who = makers.staff(session, role)
            assert find(session, who, one)
            assert find(session, who, other)
        for nobody in (makers.actor("system"), makers.Actor("visitor", "visitor", "visitor")):
            assert find(session, nobody, one) is None
        assert find(session, people["employer"], "no-such-case") is None


def test_a_link_and_a_number_with_a_phone_find_their_party_and_nothing_else(transaction, two_cases):
    with transaction() as session:
        case = session.scalars(select(Case).where(Case.ref == two_cases[0])).one()
        worker = party(case, "worker", 1)
        assert party_by_key(session, worker.key) is worker
        assert party_by_key(session, "") is None
        assert party_by_key(session, worker.key[:-1]) is None
        assert party_by_phone(session, case.number, "worker", worker.phone) is worker
        assert party_by_phone(session, case.number, "employer", worker.phone) is None
        assert party_by_phone(session, "东工调〔2026〕000099号", "worker", worker.phone) is None
        with pytest.raises(LookupError):
            party(case, "worker", 2)
