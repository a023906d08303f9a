"""The register of employers' contacts: verified by somebody, and what came back is known of itself."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from mediation.domain.facts import BEIJING
from mediation.services import register, relaying, texting
from mediation.services.gateways import Refused
from mediation.store.models import SentMessage

AT = datetime(2026, 3, 2, 10, tzinfo=BEIJING)
DAY = timedelta(days=1)
FIRM, CODE = "某制衣公司", "91110101MA01ABCD2T"


def given(session, value="13900000009", kind="phone", **other):
    said = {"employer": FIRM, "uscc": CODE, "role": "人事部", "by": "person:1", "at": AT} | other
    return register.add(session, kind=kind, value=value, **said)


def states(session, asked=FIRM):
    return [(one.value, one.state) for one in register.look_up(session, asked)]


def refuse(_one):
    raise Refused("400")


def test_a_contact_is_found_by_exact_name_or_number_and_by_nothing_else(transaction):
    with transaction() as session:
        assert given(session) == given(session), "the same one is not written down twice"
        given(session, "13911110000", employer="某制衣公司二厂", uscc=None)
        for asked in (FIRM, CODE):
            assert states(session, asked) == [("13900000009", "new")]
        assert states(session, "某制衣") == []
        found = register.contacts_of(session, "改了名的公司", CODE)
        assert [one.value for one in found] == ["13900000009"]
        assert register.contacts_of(session, "改了名的公司", None) == []


def test_what_is_verified_comes_first_and_says_who_how_and_when(transaction):
    with transaction() as session:
        given(session, "010-1111")
        second = given(session, "010-2222")
        register.note(session, second, "verified", "called_back", "person:7", AT + DAY)
        assert states(session) == [("010-2222", "verified"), ("010-1111", "new")]
        [event] = register.look_up(session, FIRM)[0].history
        assert (event.how, event.by, event.at) == ("called_back", "person:7", AT + DAY)
        assert register.is_verified(session, FIRM, None, "010-2222")
        assert not register.is_verified(session, FIRM, None, "010-1111")


def test_a_text_that_is_refused_is_in_the_history_with_its_day(transaction, office):
    with transaction() as session:
        contact = given(session)
        register.note(session, contact, "verified", "website", "person:7", AT)
        texting.text(session, SentMessage(phone="13900000009", body="text", at=AT + DAY))
    relaying.relay(transaction, refuse, AT + DAY)
    with transaction() as session:
        [line] = register.look_up(session, FIRM)
        assert line.state == "bounced"
        assert (line.last.how, line.last.at) == ("sms_not_taken", AT + DAY)
        assert not register.is_verified(session, FIRM, None, "13900000009")
        register.note(session, contact, "verified", "called_back", "person:7", AT + 2 * DAY)
        assert states(session) == [("13900000009", "verified")], "somebody has called since"


def test_what_is_out_of_use_stays_so(transaction, office):
    with transaction() as session:
        contact = given(session)
        register.note(session, contact, "retired", "firm_asked", "person:7", AT)
        texting.text(session, SentMessage(phone="13900000009", body="text", at=AT + DAY))
    relaying.relay(transaction, refuse, AT + DAY)
    with transaction() as session:
        assert states(session) == [("13900000009", "retired")]


@pytest.mark.parametrize("wrong", [("verified", "wrong_number"), ("bounced", "website"), ("gone", "website")])
def test_nothing_happens_to_a_contact_in_a_way_that_is_not_listed(transaction, wrong):
    with transaction() as session:
        contact = given(session)
        with pytest.raises(ValueError, match=wrong[0]):
            register.note(session, contact, *wrong, "person:7", AT)
        with pytest.raises(LookupError):
            register.note(session, contact + 1, "verified", "website", "person:7", AT)


@pytest.mark.parametrize("table", ["contacts", "contact_events", "mail_addresses"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_history_can_be_added_to_and_nothing_else(transaction, office, table, deed):
    from makers import make_case

    from mediation.services import mailboxes
    from mediation.store.cases import party

    with transaction() as session:
        register.note(session, given(session), "verified", "website", "person:7", AT)
        employer = party(make_case(session, office, state="submitted"), "employer")
        mailboxes.give(session, employer, "hr@firm.example", "person:7", AT)

    def change():
        with transaction() as session:
            session.execute(text(deed.format(table)))

    with pytest.raises(DatabaseError, match="append-only"):
        change()
