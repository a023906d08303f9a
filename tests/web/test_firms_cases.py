"""A firm sees its other open cases where its phone was verified, and none that it was not told of."""

import pytest
from makers import NOW, make_application, read_filing
from visiting import Played

from mediation.services import register
from mediation.services.notices import short
from mediation.store.cases import party
from mediation.store.models import Case

FIRM, PHONE = "某制衣公司", "13900000001"


def verified(transaction, value=PHONE):
    with transaction() as session:
        contact = register.add(
            session, employer=FIRM, uscc=None, kind="phone", value=value, role="", by="person:1", at=NOW
        )
        register.note(session, contact, "verified", "called_back", "person:1", NOW)


def against(app, transaction, state, name=FIRM, phone=PHONE):
    application = make_application()
    application["employer"] |= {"name": name, "contact": {"name": None, "phone": phone}}
    case = Played(app, transaction, state=state, filing=read_filing(application))
    with transaction() as session:
        one = session.get_one(Case, case.id)
        return case, short(one.number), party(one, "employer").key


def test_other_open_cases_of_the_firm_are_there_behind_their_own_door(app, transaction):
    mine, _, _ = against(app, transaction, "in_meeting")
    _, other, key = against(app, transaction, "contacting")
    page = mine.by("employer").get(mine.url()).text
    assert other not in page, "nobody has verified that the phone is the firm's"
    verified(transaction)
    page = mine.by("employer").get(mine.url()).text
    assert other in page
    assert f"/k/{key}" in page
    for role in ("worker", "clerk", "mediator", "admin"):
        assert f"/k/{key}" not in mine.by(role).get(mine.url()).text
    assert "核实这个通知" in mine.by("employer").get(f"/k/{key}").text, "a door of its own, with a code"


@pytest.mark.parametrize(
    "how",
    [{"state": "submitted"}, {"state": "needs_info"}, {"state": "withdrawn"}, {"state": "rejected"},
     {"state": "contacting", "name": "某制衣公司二厂"}, {"state": "contacting", "phone": "13900000002"}],
)  # fmt: skip
def test_no_case_that_the_firm_was_not_told_of_and_none_of_another_or_another_phone(app, transaction, how):
    mine, _, _ = against(app, transaction, "in_meeting")
    _, other, _ = against(app, transaction, **how)
    verified(transaction)
    assert other not in mine.by("employer").get(mine.url()).text
