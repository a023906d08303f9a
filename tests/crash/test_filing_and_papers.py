"""A process killed while it files a dispute or makes a paper: sent again, there is one case and one paper.

The form goes through the page, so that the points cover what follows the commit as well; the paper
through the service that makes it, with every call that changes the folder of papers as a point.
"""

import itertools
from datetime import timedelta

import makers
import pytest
import serving
from dying import survives
from makers import make_case
from sqlalchemy import func, select

from mediation.services import papers
from mediation.services.afterwards import settle
from mediation.services.papers import LEASE, path
from mediation.store.models import Case, Job, OutgoingNotice, Paper, SentMessage

AT = makers.MONDAY + timedelta(days=9)


def count(stage, model, *where):
    with stage.work() as session:
        return session.scalar(select(func.count()).select_from(model).where(*where))


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_form_sent_again_after_a_kill_at_any_statement_has_filed_one_case(stage):
    stage.restore("empty")
    with stage.work() as session:
        clerk = makers.make_staff(session, role="clerk")
        cookie = serving.staff_cookie(stage.app, clerk, browser="one desk")
    stage.keep("empty")
    typed = makers.FILED | {"once": "the token of this form"}

    def send():
        browser = stage.app.test_client()
        browser.set_cookie("session", cookie)
        answer = browser.post("/desk/oral", data=typed)
        assert answer.status_code == 302, answer.text
        return answer.location

    points = 0
    for fatal in itertools.count(1):
        stage.restore("empty")
        if survives(fatal, stage.engine, send):
            break
        points += 1
        assert count(stage, Case) in (0, 1)
        assert stage.faults() == []
        place = send()
        assert send() == place, "and a third time"
        assert count(stage, Case) == 1
        assert count(stage, Case, Case.number.is_(None)) == 0
        assert stage.faults() == []
    assert points >= 25


def printed_once(stage):
    """The bytes of one paper, printed ahead: each child and whoever comes after it would need a second."""
    with stage.work() as session:
        plan = papers.plan(session, stage.office, session.scalars(select(Job.id)).one())
    return papers.printed(plan, stage.office)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_paper_is_there_once_after_a_kill_at_any_statement_or_change_of_files(stage, monkeypatch):
    stage.restore("empty")
    with stage.work() as session:
        make_case(session, stage.office, state="performing")
    stage.keep("sealed")
    pdf = printed_once(stage)
    monkeypatch.setattr(papers, "printed", lambda _plan, _office: pdf + b"%first\n%%EOF\n")
    notices = count(stage, OutgoingNotice)
    points = 0
    for fatal in itertools.count(1):
        stage.restore("sealed")
        if survives(fatal, stage.engine, lambda: settle(stage.work, stage.office, AT)):
            break
        points += 1
        assert stage.faults() == []
        with monkeypatch.context() as patch:  # whoever comes next prints other bytes, as another second would
            patch.setattr(papers, "printed", lambda _plan, _office: pdf + b"%second\n%%EOF\n")
            settle(stage.work, stage.office, AT + LEASE + timedelta(seconds=1))
        assert stage.faults() == []
        assert count(stage, Paper) == 1
        assert count(stage, Job, Job.done_at.is_(None)) == 0
        assert count(stage, OutgoingNotice, OutgoingNotice.sent_at.is_(None)) == 0
        assert count(stage, SentMessage) <= 3 * notices
    assert points >= 20
    with stage.work() as session:
        assert path(stage.office, session.scalars(select(Paper.sha256)).one()).is_file()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_paper_registered_before_its_file_is_written_would_be_found(stage, monkeypatch):
    """That the search is able to find something: the row first, the file after the commit."""
    stage.restore("empty")
    with stage.work() as session:
        make_case(session, stage.office, state="performing")
    stage.keep("sealed")
    monkeypatch.setattr(papers, "printed", lambda _plan, _office: b"%PDF-1.7\n%%EOF\n")
    put, late = papers.put, []
    monkeypatch.setattr(papers, "put", lambda *file: late.append(file))

    def carelessly():
        settle(stage.work, stage.office, AT)
        for file in late:
            put(*file)

    found = set()
    for fatal in itertools.count(1):
        stage.restore("sealed")
        if survives(fatal, stage.engine, carelessly):
            break
        found.update(one.rpartition(": ")[2] for one in stage.faults())
    assert found == {"its file is missing"}
