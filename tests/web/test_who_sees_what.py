"""The table of who may see what, held cell by cell to every page that each reader can reach."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import makers
import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from makers import make_application
from reading import filled, links
from talking import Meeting
from test_application_copies import text as pdf_text
from visiting import Played, post

from mediation.domain.filing import read as read_filing
from mediation.domain.mail import veiled
from mediation.domain.rooms import SIDES, Room, private
from mediation.engine.asking import Ask
from mediation.resources import folder
from mediation.services import agents, mailboxes, notices
from mediation.services.afterwards import settle
from mediation.store.cases import facts_of
from mediation.store.models import Case, Person
from mediation.web.filters import masked

ROOT = Path(__file__).parents[2]
TABLE = yaml.safe_load((folder("workflows") / "_who_sees_what.yaml").read_text("utf-8"))
READERS, DETAILS = TABLE["readers"], TABLE["details"]
FULL, HALF, NOT = "全部", "遮住中间", "—"

WORKER, FELLOW, FIRM, MEDIATOR = "13811110001", "13811110002", "13911110003", "13711110004"
SAID = {
    "worker_name": "甄一见", "worker_phone": WORKER, "fellow_phone": FELLOW, "worker_group": "农民工",
    "employer_name": "独见制衣厂", "employer_contact": "联络人钱某", "employer_phone": FIRM,
    "employer_uscc": "91110101MA01ABCD2T", "claim": "6,120.51", "story": "故事独此一份",
    "asked_of_worker": "请补充工牌照片", "elements": "7,431.07", "told_by_worker": "工牌在老家箱子里",
    "call_with_employer": "电话里说老板出差",
    "answer": "九月已经结清一半", "note_of_joining": "只肯分三期", "offer_note": "先付一半行不行",
    "talk_with_worker": "私下说一万八", "talk_with_employer": "私下说顶多一万二",
    "mediator_notes": "估计一万五", "draft_of_message": "想说又没说的",
    "said_in_meeting": "大家好我在听", "staff_note": "录入时多打一位", "mediator_name": "孙调解",
    "mediator_phone": MEDIATOR, "case_number": "2026-000001",
    "evidence": f"{1:064x}", "evidence_opened": f"{2:064x}", "evidence_original": f"{2:064x}/original",
    "attempt": "信退回来了", "attempt_note": "门卫说搬走半年了",
    "refusal_read_twice": "看着像劳务关系", "refusal_sent_back": "有工牌再问问",
    "agent": "代某甲", "agent_waiting": "代某乙", "agent_phone": "13611110005",
    "times": "3月10日（周二）晚上", "times_answered": "答了什么时间方便开会",
    "second_phone": "13611110006", "second_name": "表姐赵某", "safe_hours": "中午、晚上可以打",
    "worker_mail": "zhen.yijian@mail.example", "employer_mail": "dujian.hr@firm.example",
}  # fmt: skip
"""What stands in the case for each detail, and nowhere else on any page."""


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def full(app: Flask, transaction: Any) -> Played:
    """A case in a meeting in which every detail of the table stands."""
    application = make_application(workers=2, story=SAID["story"])
    application["employer"] = {
        "name": SAID["employer_name"],
        "uscc": SAID["employer_uscc"],
        "contact": {"name": SAID["employer_contact"], "phone": FIRM},
    }
    worker, fellow = application["workers"]
    worker |= {"name": SAID["worker_name"], "phone": WORKER}
    second = {"phone": SAID["second_phone"], "name": SAID["second_name"]}
    worker["reach"] = {**second, "hours": ["noon", "evening"]}
    worker["claims"] = [{"head": "wages", "amount": "6120.51"}]
    fellow |= {"phone": FELLOW, "claims": [{"head": "expenses", "amount": "7"}]}
    filing = read_filing(application)
    case = Played(app, transaction, state="submitted", filing=filing)
    with transaction() as session:
        session.add(
            Person(
                login="m",
                name=SAID["mediator_name"],
                role="mediator",
                phone=MEDIATOR,
                password="!",
                session_key="m",
            )
        )
    case.act("ask_info", data={"note": SAID["asked_of_worker"]})
    case.act("tell_elements", data={"elements": {"wage": 7431_07}})
    case.act("give_info", data={"note": SAID["told_by_worker"]})
    refusal = {"reason": "out_of_scope", "route": "legal", "note": SAID["refusal_read_twice"]}
    case.act("reject", data=refusal)
    case.act("return_rejection", data={"note": SAID["refusal_sent_back"]})
    case.act("contact_employer", data={"note": SAID["call_with_employer"]})
    tried = {"way": "letter", "outcome": "returned", "note": SAID["attempt_note"]}
    case.act("log_attempt", data=tried)
    answer = {"way": "talk", "said": [{"claim": 0, "stand": "dispute", "note": SAID["answer"]}]}
    case.act("join", data={"answer": answer, "note": SAID["note_of_joining"]})
    case.act("tell_times", data={"halfdays": ["2026-03-10.evening"]})
    for act in ("accept", "assign", "convene", "open_meeting"):
        case.act(act)
    case.act("offer", role="employer", data={"amount": 100, "note": SAID["offer_note"]})
    wrong = {
        "claim": 1,
        "was": 700,
        "right_amount": 800,
        "reason": "typed_wrongly",
        "note": SAID["staff_note"],
    }
    case.act("correct_claim", data=wrong)
    for number, detail in enumerate(("evidence", "evidence_opened"), 1):
        case.act("add_evidence", role="worker", data={"evidence": makers.evidence(number)})
        assert SAID[detail] == makers.evidence(number)["digest"]
    name_agents(case)
    case.act("open_evidence", role="worker", data={"piece": SAID["evidence_opened"]})
    assert post(case.by("worker"), case.url("/meeting"), body=SAID["said_in_meeting"]).status_code == 302
    talk(case)
    with transaction() as session:
        at = session.get_one(Case, case.id).moved_at + timedelta(minutes=1)
        for one in session.get_one(Case, case.id).parties:
            if one.seat == 0:
                mailboxes.give(session, one, SAID[f"{one.side}_mail"], "person:1", at)
    settle(transaction, case.office, at)
    return case


def talk(case: Played) -> None:
    """In private with each side; then together again, and a draft that nobody sends."""
    meeting = Meeting(case.transaction, case.office, case.id)
    for side in SIDES:
        meeting.move(private(side))
        meeting.say(side, private(side), SAID[f"talk_with_{side}"])
    meeting.say("mediator", Room.TEAM, SAID["mediator_notes"])
    meeting.move(Room.JOINT)
    meeting.keep("worker", Room.JOINT, SAID["draft_of_message"])


def name_agents(case: Played) -> None:
    """One who acts for the worker, and one whom nobody has checked."""
    for number, who in enumerate(("agent", "agent_waiting")):
        with case.transaction() as session:
            held = session.get_one(Case, case.id)
            asker, at = makers.actor_of(session, held, "worker"), held.moved_at + timedelta(minutes=1)
            ask = Ask("name_agent", asker, held.revision, at, {"authority": makers.authority(at)})
            phone = SAID["agent_phone"] if who == "agent" else f"1361111001{number}"
            agents.name_agent(session, case.office, case.id, ask, SAID[who], phone)
        if who == "agent":
            case.act("verify_agent")


def stands(case: Played) -> dict[str, str]:
    """For each detail of the table what stands in the case; links and what is made of them are chance."""
    with case.transaction() as session:
        worker, fellow, employer = session.get_one(Case, case.id).parties
        links = {"worker_link": worker.key, "fellow_link": fellow.key, "employer_link": employer.key}
        links["agent_link"] = agents.agents_of(session, session.get_one(Case, case.id))[0].key
        return SAID | links | {"notice_code": notices.notice_code(employer.key)}


def crawl(client: FlaskClient, *starts: str) -> Iterator[tuple[str, str]]:
    """Every page that leads on from these by links, each once: its address and its text."""
    todo, seen = list(starts), set(starts)
    while todo:
        path = todo.pop()
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code < 500, path
        html = answer.mimetype == "text/html"
        yield path, answer.get_data(as_text=True) if html else ""
        answer.close()
        for link in links(answer) if html else ():
            place = urldefrag(link).url
            if place.startswith("?"):
                continue  # the same page in large text or another language
            if place.startswith("/") and place not in seen:
                seen.add(place)
                todo.append(place)


def pages_of(reader: str, case: Played) -> dict[str, str]:
    """Every page that this reader can reach, by address."""
    keys = stands(case)
    doors = {"own": "worker_link", "fellow": "fellow_link", "employer": "employer_link"}
    stranger = case.app.test_client()
    if reader == "stranger":
        return dict(crawl(stranger, *(f"/k/{keys[one]}" for one in ("worker_link", "employer_link"))))
    role = {"own": "worker", "fellow": "worker"}.get(reader, reader)
    found = dict(crawl(case.by(role, 1 if reader == "fellow" else 0), "/", case.url(), case.url("/hear")))
    if reader in doors:
        found |= dict(crawl(stranger, f"/k/{keys[doors[reader]]}"))
    return found


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_sees_what_the_table_says_and_nothing_else(full: Played, reader: str) -> None:
    pages = pages_of(reader, full)
    assert len(pages) >= (5 if reader == "stranger" else 10), sorted(pages)
    canaries = stands(full)
    assert set(canaries) == set(DETAILS)
    wrong = []
    for detail, value in canaries.items():
        where = [path for path, text in pages.items() if value in text]
        if bool(where) != (reader in DETAILS[detail]["seen"]):
            wrong.append(f"{detail}: {where or 'nowhere'}")
        if detail.endswith(("_phone", "_mail")):
            covered = veiled(value) if detail.endswith("_mail") else masked(value)
            half = [path for path, text in pages.items() if covered in text]
            if bool(half) != (reader in DETAILS[detail].get("masked", ())):
                wrong.append(f"{detail} masked: {half or 'nowhere'}")
    assert wrong == []


def whole(case: Played, client: FlaskClient, *starts: str) -> dict[str, str]:
    """All that this reader can get: pages, papers and calendars as text, and what answers odd forms."""
    found: dict[str, str] = {}
    for path, page in crawl(client, *starts):
        with client.get(path, follow_redirects=True) as answer:
            pdf = answer.mimetype == "application/pdf"
            found[path] = pdf_text(answer) if pdf else page or answer.get_data(as_text=True)
    for name in case.office.catalogue.newest("labour_dispute").workflow.actions:
        form = client.get(case.url(f"/acts/{name}"))
        odd = {"csrf_token": filled(form).get("csrf_token", ""), "seen": "0", "note": "\0", "odd": "1"}
        for language in ("zh", "en"):
            refused = client.post(case.url(f"/acts/{name}"), data=odd, query_string={"lang": language})
            assert refused.status_code >= 400, name
            found[f"refused {name} {language}"] = refused.get_data(as_text=True)
    return found


ON_PAPER = {"employer_uscc: agreement.pdf"}
"""What no page shows this reader, and stands on the agreement, which says who its parties are."""
LATER: dict[str, tuple[str, ...]] = {
    "in_meeting": (),
    "not_agreed": ("end",),
    "terms_drafted": ("draft_terms",),
    "awaiting_signatures": ("draft_terms", "mark_clauses", "send_for_signing"),
    "performing": ("draft_terms", "mark_clauses", "send_for_signing", "sign", "seal"),
}


@pytest.mark.parametrize("state", LATER)
def test_no_state_no_paper_no_calendar_and_no_refusal_tells_the_employer_more(
    full: Played, state: str
) -> None:
    for act in LATER[state]:
        with full.transaction() as session:
            who = makers.seats(act, facts_of(session.get_one(Case, full.id)))
        for role, seat in who:
            full.act(act, role=role, seat=seat)
    assert full.now()[0] == state
    with full.transaction() as session:
        at = session.get_one(Case, full.id).moved_at + timedelta(minutes=1)
    settle(full.transaction, full.office, at)
    found = whole(full, full.by("employer"), "/", full.url(), full.url("/hear"))
    papers = [path for path in found if path.endswith(".pdf")]
    assert len(papers) >= (state == "performing"), papers
    hidden = {
        detail: value for detail, value in stands(full).items() if "employer" not in DETAILS[detail]["seen"]
    }
    assert len(hidden) > 10
    wrong = {
        f"{detail}: {path.rpartition('/')[2]}"
        for path, text in found.items()
        for detail, value in hidden.items()
        if value in text
    }
    assert wrong - ON_PAPER == set()


def test_the_page_for_people_says_the_same_as_the_table() -> None:
    written = (ROOT / "docs" / "who-sees-what.md").read_text("utf-8")
    assert written.partition("<!-- table -->\n\n")[2] == drawn()


def drawn() -> str:
    """The table in Markdown."""
    heads = [f"{one['zh']} {one['en']}" for one in READERS.values()]
    rows = [["资料 Detail", *heads], ["---", *[":-:" for _ in heads]]]
    for one in DETAILS.values():
        cells = [
            FULL if reader in one["seen"] else HALF if reader in one.get("masked", ()) else NOT
            for reader in READERS
        ]
        rows.append([f"{one['zh']} {one['en']}", *cells])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
