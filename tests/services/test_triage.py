"""The ladder ends in writing, a refusal takes two people, and other cases of the same sides are found."""

from datetime import timedelta

import makers
import pytest
from makers import act, make_case, make_filing, make_staff, staff
from sqlalchemy import select

from mediation.documents.office_paper import OfficePaper
from mediation.documents.press import fill
from mediation.domain.choosing import ROUTES
from mediation.domain.place_rules import places
from mediation.domain.words import word
from mediation.engine.refusals import Unmet
from mediation.services.access import staff_actor
from mediation.services.afterwards import make_papers
from mediation.services.audit import findings
from mediation.services.papers import paper_of, plan
from mediation.store.cases import facts_of
from mediation.store.models import Job
from mediation.store.related import related

OVER = makers.MONDAY + timedelta(days=10)


def stated(session, office, case):
    job = session.scalars(select(Job).where(Job.case_id == case.id)).one()
    paper = plan(session, office, job.id).paper
    assert isinstance(paper, OfficePaper)
    return fill(f"{paper.kind}.html", {"paper": paper, "names": ()})


def test_a_silence_ends_in_a_certificate_that_lists_each_attempt(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="contacting")
        act(session, office, case, "log_attempt", note="内部的话")
        with pytest.raises(Unmet):
            act(session, office, case, "certify_no_answer")
        with pytest.raises(Unmet):
            act(session, office, case, "certify_no_answer", at=OVER)
        act(session, office, case, "log_attempt", at=OVER, data={"way": "letter", "outcome": "returned"})
        act(session, office, case, "certify_no_answer", at=OVER)
        assert case.state == "not_agreed"
        assert "limitation" in facts_of(case).clocks
        text = stated(session, office, case)
        assert word("contact_ways", "call") in text
        assert word("contact_ways", "letter") in text
        assert "内部的话" not in text
        number = case.id
    make_papers(transaction, office, OVER)
    with transaction() as session:
        assert paper_of(session, number, "no_answer") is not None
    with transaction() as session:
        assert list(findings(session, office.catalogue)) == []


def test_the_office_certifies_no_silence_that_it_did_not_try_to_break(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="contacting")
        with pytest.raises(Unmet):
            act(session, office, case, "certify_no_answer", at=OVER)
        act(session, office, case, "certify_no_answer", role="worker", at=OVER)


@pytest.mark.parametrize("way", ["call", "second_contact", "sms", "email", "letter"])
def test_one_way_alone_is_too_little_for_the_office_and_a_visit_is_enough(transaction, office, way):
    with transaction() as session:
        case = make_case(session, office, state="contacting")
        act(session, office, case, "log_attempt", data={"way": way, "outcome": "no_reply"})
        with pytest.raises(Unmet):
            act(session, office, case, "certify_no_answer", at=OVER)
        act(session, office, case, "log_attempt", at=OVER, data={"way": "visit", "outcome": "no_reply"})
        act(session, office, case, "certify_no_answer", at=OVER)


def test_nobody_approves_his_own_refusal(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="submitted")
        act(session, office, case, "reject", note="去社保中心")
        assert case.state == "submitted"
        with pytest.raises(Unmet):
            act(session, office, case, "approve_rejection", role="clerk")
        act(session, office, case, "approve_rejection")
        assert case.state == "rejected"
        text = stated(session, office, case)
        assert "12333" in text
        assert "去社保中心" in text


def test_whoever_has_stepped_aside_is_not_assigned_again(transaction, office):
    with transaction() as session:
        case = make_case(session, office, state="accepted")
        aside = case.mediator_id
        act(session, office, case, "recuse")
        assert facts_of(case).mediator is None
        with pytest.raises(Unmet, match="已经回避了本案"):
            act(session, office, case, "assign", data={"mediator": aside})
        other = staff_actor(make_staff(session, name="孙调解员")).id
        act(session, office, case, "assign", data={"mediator": other})
        assert case.mediator_id == other


def test_every_route_onward_has_a_number_to_call():
    assert all(places().contacts[route].phone.isdecimal() for route in ROUTES)


def test_a_case_of_the_same_two_sides_is_found_and_no_other(transaction, office):
    with transaction() as session:
        first = make_case(session, office, state="submitted")
        again = make_case(session, office, state="submitted")
        firm = {"name": "另一家公司", "uscc": None, "contact": {"name": "人事", "phone": "13900000009"}}
        make_case(session, office, state="submitted", filing=make_filing(employer=firm))
        assert [one.id for one in related(session, staff(session, "clerk"), again)] == [first.id]
