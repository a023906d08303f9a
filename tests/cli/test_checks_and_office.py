"""deadlines, amount, workflows, verify, doctor, people, work."""

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

DOSSIERS = Path(__file__).parents[1] / "dossiers"


def test_the_deadlines_of_the_example(mediation):
    found = {
        t["timer"]: t for t in json.loads(mediation("deadlines", "--received", "2026-09-18", "--json").out)
    }
    assert {name: timer["due"] for name, timer in found.items()} == {
        "accept_or_refuse": "2026-09-22",
        "exit": "2026-10-08",
    }
    assert found["exit"]["law"] == "劳动争议调解仲裁法 第14条"
    assert (found["exit"]["length"], found["exit"]["unit"], found["exit"]["starts"]) == (
        15,
        "calendar",
        "2026-09-18",
    )


def test_deadlines_of_everything_that_has_begun_come_in_their_order(mediation):
    answer = mediation(
        "deadlines", "--received", "2026-03-02", "--accepted", "2026-03-05", "--agreed", "2026-03-10"
    )
    assert answer.status == 0
    dates = [line.split()[0] for line in answer.out.splitlines()]
    assert dates == sorted(dates) == ["2026-03-05", "2026-03-17", "2026-03-20", "2026-03-25", "2026-04-09"]


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--received", "18.9.2026"),
        ("--received", "2026-02-30"),
        ("--received", "1999-01-01"),
        ("--received", "2150-01-01"),
        ("--received", "2026-09-18", "--accepted", "soon"),
        ("--received", "2026-09-18", "--wished", "2026-09-19"),
        ("--received",),
    ],
)
def test_deadlines_from_days_that_are_none_are_refused(fails, words):
    assert fails("deadlines", *words)


@pytest.mark.parametrize(
    ("typed", "figures", "capitals"),
    [
        ("18640.50", "18,640.50", "人民币壹万捌仟陆佰肆拾元伍角"),
        ("0", "0.00", "人民币零元整"),
        ("1．86万", "18,600.00", "人民币壹万捌仟陆佰元整"),
    ],
)
def test_an_amount_is_written_in_figures_and_capitals(mediation, typed, figures, capitals):
    assert mediation("amount", typed).out == f"{figures}\n{capitals}\n"


@pytest.mark.parametrize("typed", ["", "much", "１８", "1.234", "1e9", "9" * 40, "--", "1,23"])
def test_what_is_no_amount_is_refused(fails, typed):
    assert fails("amount", typed)


def test_a_negative_amount_is_refused(fails):
    assert "negative" in fails("amount", "--", "-5")


def test_an_unknown_command_is_refused_in_one_sentence(fails):
    assert "bribe" in fails("bribe")


# --- charts ------------------------------------------------------------


def test_the_charts_of_this_installation_are_sound(mediation):
    answer = mediation("workflows", "check")
    assert answer.status == 0
    assert answer.out.startswith("labour_dispute version 1: 19 states, 87 acts, 10 clocks, sha256 ")


def test_every_fault_of_every_chart_is_named_and_nothing_starts(mediation, tmp_path):
    (tmp_path / "one.yaml").write_text("workflow: one\nversion: none\n")
    (tmp_path / "two.yaml").write_text("- a\n")
    answer = mediation("workflows", "check", tmp_path)
    assert answer.status == 1
    assert answer.out == ""
    said = answer.err.splitlines()
    assert "one.yaml:2: top: version must be a whole number from 1" in said
    assert "two.yaml:1: top: must be a mapping" in said


def test_a_folder_of_charts_that_is_not_there_is_refused(fails, tmp_path):
    assert fails("workflows", "check", tmp_path / "nowhere")
    assert fails("workflows", "check", Path(__file__))
    assert "no workflow file" in fails("workflows", "check", tmp_path)


def test_the_chart_is_drawn_to_the_screen_or_a_file(mediation, tmp_path):
    drawn = mediation("workflows", "draw").out
    assert "stateDiagram-v2" in drawn
    assert "awaiting_signatures --> agreed: 盖章生效" in drawn
    page = tmp_path / "chart.md"
    assert mediation("workflows", "draw", "--out", page).out == ""
    assert page.read_text("utf-8") == drawn


# --- papers ------------------------------------------------------------


def test_a_paper_is_registered_changed_or_unknown(mediation, fails, tmp_path):
    mediation("play", DOSSIERS / "garment_dismissal.json", "--out", tmp_path)
    paper = tmp_path / "garment_dismissal.pdf"
    answer = mediation("verify", paper)
    assert (answer.status, answer.out) == (0, "Registered and unchanged: 东工调〔2019〕000001号\n")
    assert json.loads(mediation("verify", paper, "--json").out) == {
        "finding": "registered",
        "number": "东工调〔2019〕000001号",
    }
    whole = paper.read_bytes()
    changed = tmp_path / "changed.pdf"
    for content in (whole + b"\n% one word more", whole.replace(b"/Type", b"/Typo", 1)):
        changed.write_bytes(content)
        assert "changed.pdf: changed" in fails("verify", changed)
        answer = mediation("verify", changed, "--json")
        assert answer.status == 1
        assert json.loads(answer.out) == {"finding": "changed", "number": None}
    other = tmp_path / "other.pdf"
    for content in (b"", b"a letter", b"%PDF-1.7\n%%EOF\n", whole[:200], bytes(range(256)) * 50):
        other.write_bytes(content)
        assert "other.pdf: unknown" in fails("verify", other)


def test_an_office_that_made_no_paper_knows_none(fails, tmp_path):
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.7\n%%EOF\n")
    assert fails("verify", other) == "other.pdf: unknown: this office has registered no such paper"


def test_a_file_that_is_not_there_is_not_verified(fails, tmp_path):
    assert fails("verify", tmp_path / "nowhere.pdf") == "nowhere.pdf: No such file or directory"
    assert fails("verify", tmp_path)
    assert fails("verify")


# --- the house ------------------------------------------------------------


def test_the_doctor_says_what_this_installation_stands_on(process, home):
    answer = process("doctor")
    assert (answer.status, answer.err) == (0, "")
    assert "journal: wal, synchronous: 2" in answer.out
    assert answer.out.endswith("verdict: sound\n")
    assert (home / "mediation.sqlite").is_file()
    assert (home / "secret_key").stat().st_mode & 0o077 == 0


def test_the_doctor_says_that_no_font_can_draw_the_seal(process):
    answer = process("doctor", MEDIATION_ORGANISATION_NAME="某中心\U0001f600")
    assert answer.status == 1
    assert "seal: no font on this machine has \U0001f600 U+1F600" in answer.err


def test_two_commands_make_an_empty_folder_ready_together(home, process):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: process("totals", "--json"), range(3)))
    assert [answer.status for answer in answers] == [0, 0, 0], answers
    assert len({answer.out for answer in answers}) == 1
    assert json.loads(answers[0].out)["cases"] == 5674


def test_an_instance_that_cannot_be_made_is_an_error_in_one_sentence(process, tmp_path):
    (tmp_path / "file").write_text("in the way")
    answer = process("totals", MEDIATION_INSTANCE=str(tmp_path / "file"))
    assert answer.status != 0
    assert "Traceback" not in answer.err
    assert len(answer.err.strip().splitlines()) == 1


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "nosuch://x", "nonsense"])
def test_a_database_that_cannot_be_opened_is_an_error_in_one_sentence(process, url):
    answer = process("totals", DATABASE_URL=url)
    assert answer.status != 0
    assert "Traceback" not in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def test_staff_are_added_once_and_with_a_password_worth_the_name(mediation, fails, home):
    add = ("people", "add", "zhao", "--name", "赵调解员", "--role", "mediator", "--password")
    assert "at least 10" in fails(*add, "short")
    assert mediation(*add, "correct horse battery").status == 0
    assert "zhao" in fails(*add, "correct horse battery")
    assert "--role" in fails(
        "people", "add", "qian", "--name", "钱", "--role", "judge", "--password", "x" * 12
    )
    nobody = ("people", "add", "sun", "--name", "孙\U0001f600", "--role", "clerk", "--password", "x" * 12)
    assert "A name cannot hold “\U0001f600”" in fails(*nobody)
    connection = sqlite3.connect(home / "mediation.sqlite")
    logins = connection.execute("SELECT login, role, active FROM people").fetchall()
    connection.close()
    assert logins == [("zhao", "mediator", 1)]


def test_work_has_nothing_to_do_in_an_empty_office(mediation):
    assert mediation("work") == (0, "", "")


def test_work_forgets_answers_after_thirty_days(mediation, home):
    mediation("work")
    today = datetime.now(UTC).replace(tzinfo=None)
    rows = [(f"{days} days old", (today - timedelta(days=days)).isoformat(" ")) for days in (29, 31)]
    with closing(sqlite3.connect(home / "mediation.sqlite")) as connection, connection:
        insert = "INSERT INTO replies (name, digest, location, body, at) VALUES (?, '', '', '', ?)"
        connection.executemany(insert, rows)
    assert mediation("work") == (0, "", "")
    with closing(sqlite3.connect(home / "mediation.sqlite")) as connection:
        assert connection.execute("SELECT name FROM replies").fetchall() == [("29 days old",)]


def test_work_takes_away_applications_that_nobody_went_on_with(mediation, home):
    mediation("work")
    today = datetime.now(UTC).replace(tzinfo=None)
    rows = [
        (f"{days} days old", f"{days}", (today - timedelta(days=days)).isoformat(" ")) for days in (29, 31)
    ]
    with closing(sqlite3.connect(home / "mediation.sqlite")) as connection, connection:
        insert = "INSERT INTO unsent (browser, code, content, saved_at) VALUES (?, ?, '', ?)"
        connection.executemany(insert, rows)
    assert mediation("work") == (0, "", "")
    with closing(sqlite3.connect(home / "mediation.sqlite")) as connection:
        assert connection.execute("SELECT browser FROM unsent").fetchall() == [("29 days old",)]


def test_help_is_no_failure(mediation):
    assert mediation("--help").status == 0
    assert "play" in mediation("-h").out


def test_work_goes_on_until_it_is_told_to_end(mediation, home):
    """What comes to wait after it began is done in a later round."""
    mediation("doctor")
    working = subprocess.Popen([sys.executable, "-m", "mediation", "work", "--every", "1"])
    try:
        with closing(sqlite3.connect(home / "mediation.sqlite", timeout=30)) as database:
            time.sleep(3)
            database.execute(
                "INSERT INTO replies (name, digest, location, body, at)"
                " VALUES ('k', 'r', '/', '', '2020-01-01 00:00:00.000000')"
            )
            database.commit()
            for _ in range(100):
                if database.execute("SELECT count(*) FROM replies").fetchone() == (0,):
                    break
                time.sleep(0.2)
            else:
                pytest.fail("an old answer was not forgotten")
        assert working.poll() is None
    finally:
        working.terminate()
        working.wait(20)
