"""Whatever people typed, before there was a rule about it or since: a sealed agreement reaches its PDF."""

import copy
from datetime import timedelta

import makers
import pytest
from documents import paper_reading as reading
from makers import make_case, make_filing, make_staff, make_terms
from msgspec.structs import replace
from sqlalchemy import select

from mediation.documents.authority import roots
from mediation.documents.signing import Finding, inspect
from mediation.domain.fields import Problem
from mediation.services.afterwards import make_papers
from mediation.services.papers import paper_of, path
from mediation.services.playing import Stopped, play
from mediation.store.models import Case, Job, Person

AT = makers.MONDAY + timedelta(days=9)
FACE, UNDRAWN = "\U0001f600", "\U00031350"


def filing_with(odd: str):
    """A filing as it could be stored before names were looked at."""
    filing = make_filing(story=f"三个月没发工资{odd}")
    return replace(
        filing,
        workers=(replace(filing.workers[0], name=f"钟{odd}"),),
        employer=replace(filing.employer, name=f"某{odd}公司", contact=f"人事{odd}"),
    )


def terms_with(odd: str):
    terms = make_terms()
    terms["duties"][0]["text"] = f"出具证明{odd}"
    return terms | {"overdue": f"逾期另付{odd}"}


def printed_text(transaction, office, number: int) -> str:
    make_papers(transaction, office, AT)
    with transaction() as session:
        assert session.scalars(select(Job.done_at)).one() == AT
        pdf = path(office, paper_of(session, number, "agreement").sha256).read_bytes()
    assert inspect(pdf, roots(office.keys)).finding == Finding.GENUINE
    return reading.text(pdf)


@pytest.mark.parametrize("odd", [FACE, UNDRAWN, "\ue000", "\u202e"], ids=["face", "han", "private", "bidi"])
def test_an_agreement_that_was_sealed_with_such_a_character_everywhere_is_printed(transaction, office, odd):
    with transaction() as session:
        filing, terms = filing_with(odd), terms_with(odd)
        number = make_case(session, office, state="performing", filing=filing, terms=terms).id
    text = printed_text(transaction, office, number)
    for said in ("钟□", "某□公司", "人事□", "三个月没发工资□", "出具证明□", "逾期另付□"):
        assert said in text
    assert f"统一码（Unicode）为U+{ord(odd):04X}。" in text


def test_a_rare_name_is_printed_as_it_is_written(transaction, office):
    with transaction() as session:
        filing = filing_with("\U00020bb7\U0002c029\u4dae")
        number = make_case(session, office, state="performing", filing=filing).id
    text = printed_text(transaction, office, number)
    assert "钟\U00020bb7\U0002c029\u4dae" in text
    assert "□" not in text


# --- the other doors -------------------------------------------------------------------------------------


def test_staff_are_not_called_what_nobody_is_called(transaction):
    with pytest.raises(Problem, match="not_in_a_name"), transaction() as session:
        make_staff(session, name=f"赵{FACE}", password="correct horse battery")
    with transaction() as session:
        assert make_staff(session, name="赵\u2f45", password="correct horse battery").name == "赵\u65b9"


DOSSIER = makers.make_application(
    acts=[
        {"at": "2026-03-02T10:00:00+08:00", "by": "clerk", "do": "contact_employer"},
        {"at": "2026-03-02T11:00:00+08:00", "by": "employer", "do": "join"},
        {"at": "2026-03-02T12:00:00+08:00", "by": "clerk", "do": "accept"},
        {"at": "2026-03-02T13:00:00+08:00", "by": "admin", "do": "assign", "mediator": "赵调解员"},
        {"at": "2026-03-02T14:00:00+08:00", "by": "mediator", "do": "convene", "for": "2026-03-03 09:00"},
        {"at": "2026-03-03T09:00:00+08:00", "by": "mediator", "do": "open_meeting"},
        {
            "at": "2026-03-03T10:00:00+08:00",
            "by": "mediator",
            "do": "draft_terms",
            "terms": {"duties": [{"what": "other", "due": "2026-05-01", "text": "退还押金"}]},
        },
    ]
)


def test_a_dossier_is_read_at_the_same_doors(transaction, office):
    play(transaction, office, DOSSIER)
    spoiled = copy.deepcopy(DOSSIER)
    spoiled["acts"][6]["terms"]["duties"][0]["text"] += UNDRAWN
    with pytest.raises(Stopped, match=f"terms: unprintable:{UNDRAWN}") as stopped:
        play(transaction, office, spoiled)
    assert stopped.value.index == 6
    spoiled["acts"][3]["mediator"] = f"赵{FACE}"
    with pytest.raises(Stopped, match="mediator: not_in_a_name"):
        play(transaction, office, spoiled)
    spoiled["employer"]["contact"]["name"] = "人\u200b事"
    with pytest.raises(Stopped, match=r"employer\.contact\.name: hidden:U\+200B"):
        play(transaction, office, spoiled)
    with transaction() as session:
        assert {case.state for case in session.scalars(select(Case))} == {
            "terms_drafted",
            "in_meeting",
            "accepted",
        }
        assert FACE not in "".join(session.scalars(select(Person.name)))
