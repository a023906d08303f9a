"""play, totals and audit."""

import csv
import io
import json
import sqlite3
from decimal import Decimal
from pathlib import Path

import makers
import pytest

DOSSIERS = Path(__file__).parents[1] / "dossiers"
DECLINES = DOSSIERS / "employer_declines.json"
GARMENT = DOSSIERS / "garment_dismissal.json"


def dossier(tmp_path, name="made.json", **changes):
    path = tmp_path / name
    path.write_text(json.dumps(makers.make_application() | changes), "utf-8")
    return path


def rows(home, table):
    """How many rows a table has, read from outside."""
    connection = sqlite3.connect(home / "mediation.sqlite")
    try:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    finally:
        connection.close()


def test_dossiers_are_played_in_an_empty_folder_one_line_a_case(process, home, tmp_path):
    answer = process("play", DECLINES, GARMENT, "--out", tmp_path / "papers")
    assert (answer.status, answer.err) == (0, "")
    first, second = map(json.loads, answer.out.splitlines())
    assert list(first) == [
        "dossier", "case", "state", "claimed", "agreed", "paid", "agreement", "received", "exit_clock",
        "working_clock", "entries",
    ]  # fmt: skip
    assert (first["dossier"], first["state"], first["exit_clock"]) == (
        DECLINES.name,
        "not_agreed",
        "2026-10-08",
    )
    assert second["agreement"] == str(tmp_path / "papers" / "garment_dismissal.pdf")
    assert Path(second["agreement"]).read_bytes().startswith(b"%PDF")
    assert process("audit").status == 0


def test_a_dossier_that_stops_does_not_stop_the_others(mediation, tmp_path):
    changed = json.loads(GARMENT.read_text("utf-8"))
    changed["acts"].insert(0, changed["acts"].pop(14))
    (tmp_path / "early_seal.json").write_text(json.dumps(changed), "utf-8")
    answer = mediation("play", tmp_path / "early_seal.json", DECLINES)
    assert answer.status == 1
    assert [json.loads(line)["dossier"] for line in answer.out.splitlines()] == [DECLINES.name]
    assert answer.err == "early_seal.json: act 0: 盖章生效: 已收到申请\n"


MALFORMED = {
    "nothing": b"",
    "no JSON": b"once upon a time",
    "half of it": b'{"workers": [',
    "another encoding": '{"story": "工资"}'.encode("gb18030"),
    "UTF-16": "{}".encode("utf-16"),
    "NUL bytes": b"\x00" * 100,
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "a text": b'"a dossier"',
    "an empty object": b"{}",
    "deep nesting": b"[" * 100_000,
    "deep objects": b'{"a":' * 50_000,
    "a number too large to read": b'{"received": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_file_that_is_no_dossier_is_refused_in_one_sentence(fails, home, tmp_path, name):
    path = tmp_path / "bad.json"
    path.write_bytes(MALFORMED[name])
    assert fails("play", path).startswith("bad.json: ")
    assert rows(home, "cases") == 0


def worker(**changes):
    return {"name": "钟某", "phone": "13800000000", "claims": [{"head": "wages", "amount": "1"}], **changes}


UNFILABLE = {
    "no workers": {"workers": []},
    "workers that are a mapping": {"workers": {"0": worker()}},
    "a worker that is a text": {"workers": ["钟某"]},
    "two hundred and one workers": {"workers": [worker()] * 201},
    "no name": {"workers": [worker(name="")]},
    "a name that is a number": {"workers": [worker(name=7)]},
    "a name with NUL": {"workers": [worker(name="钟\x00")]},
    "half a character": {"workers": [worker(name="钟\ud800")]},
    "a name without end": {"workers": [worker(name="钟" * 51)]},
    "no phone": {"workers": [worker(phone=None)]},
    "a phone that is a number": {"workers": [worker(phone=13800000000)]},
    "a phone that is too short": {"workers": [worker(phone="1380000")]},
    "a phone in Arabic digits": {"workers": [worker(phone="١٣٨٠٠٠٠٠٠٠٠")]},
    "an unknown group": {"workers": [worker(group="rich")]},
    "a group that is a list": {"workers": [worker(group=["migrant"])]},
    "no claims": {"workers": [worker(claims=[])]},
    "fifty-one claims": {"workers": [worker(claims=[{"head": "wages"}] * 51)]},
    "an unknown head": {"workers": [worker(claims=[{"head": "bribe", "amount": "1"}])]},
    "a negative amount": {"workers": [worker(claims=[{"head": "wages", "amount": "-1"}])]},
    "a huge amount": {"workers": [worker(claims=[{"head": "wages", "amount": "9" * 30}])]},
    "an amount that is a number": {"workers": [worker(claims=[{"head": "wages", "amount": 18640.5}])]},
    "an amount with an exponent": {"workers": [worker(claims=[{"head": "wages", "amount": "1e9"}])]},
    "an amount in thirds of a fen": {"workers": [worker(claims=[{"head": "wages", "amount": "0.001"}])]},
    "a day that is not in the calendar": {
        "workers": [worker(claims=[{"head": "wages", "amount": "1", "from": "2026-02-30"}])]
    },
    "no employer": {"employer": None},
    "an employer that is a text": {"employer": "某公司"},
    "an employer without a name": {"employer": {"name": " "}},
    "a contact that is a text": {"employer": {"name": "某公司", "contact": "老板"}},
    "a phone with letters": {"employer": {"name": "某公司", "contact": {"name": "某", "phone": "call me"}}},
    "an unknown category": {"category": "love"},
    "an unknown channel": {"channel": "pigeon"},
    "another district": {"subdistrict": "110105001"},
    "a subdistrict that is a number": {"subdistrict": 110101005},
    "no story": {"story": ""},
    "a story without end": {"story": "长" * 5001},
    "no day of receipt": {"received": None},
    "a day of receipt that is none": {"received": "yesterday"},
    "a day of receipt before the calendar begins": {"received": "2003-01-01T09:00:00+08:00"},
    "acts that are a mapping": {"acts": {}},
    "acts that are a text": {"acts": "withdraw"},
}


@pytest.mark.parametrize("name", UNFILABLE)
def test_a_filing_that_cannot_be_read_is_refused_in_one_sentence(fails, home, tmp_path, name):
    assert fails("play", dossier(tmp_path, **UNFILABLE[name])).startswith("made.json: ")
    assert [rows(home, table) for table in ("cases", "entries", "parties", "sent")] == [0, 0, 0, 0]


def test_an_act_that_is_a_text_stops_the_dossier(fails, tmp_path):
    assert fails("play", dossier(tmp_path, acts=["withdraw"])) == "made.json: act 0: an act is a JSON object"


def test_every_bad_dossier_has_its_own_sentence(fails, tmp_path):
    missing = tmp_path / "missing.json"
    other = dossier(tmp_path, "other.json", category="love")
    said = fails("play", missing, other, tmp_path, sentences=3).splitlines()
    assert [line.partition(":")[0] for line in said] == ["missing.json", "other.json", tmp_path.name]


def test_play_without_a_dossier_says_what_it_needs(fails):
    assert "DOSSIERS" in fails("play")


# --- totals ------------------------------------------------------------


def test_totals_of_an_empty_office_are_the_published_ones(mediation):
    found = json.loads(mediation("totals", "--json").out)
    assert found["opening"] == {
        "cases": 5674,
        "recovered": "170000000.00",
        "day": "2022-12-31",
        "source": "more than 1.7亿 published in 2022",
    }
    assert (found["cases"], found["recovered"], found["paid"]) == (5674, "170000000.00", "0.00")
    assert found["by_subdistrict"] == found["by_month"] == found["by_head"] == {}


def test_totals_add_what_was_played(mediation):
    mediation("play", DECLINES, GARMENT)
    found = json.loads(mediation("totals", "--json").out)
    assert (found["claimed"], found["agreed"], found["paid"], found["owed"]) == (
        "28240.50", "6786.00", "6786.00", "0.00",
    )  # fmt: skip
    assert (found["cases"], found["settled_cases"], found["settled_workers"]) == (5675, 1, 1)
    assert found["recovered"] == "170006786.00"
    assert found["by_subdistrict"]["110101005"] == {
        "claimed": "9600.00", "agreed": "6786.00", "paid": "6786.00",
    }  # fmt: skip
    assert found["by_head"]["wages"] == {"claimed": "18640.50", "agreed": "0.00", "paid": "0.00"}
    assert set(found["by_month"]) == {"2019-03", "2026-09"}
    text = mediation("totals").out
    assert "recovered       170,006,786.00 yuan" in text


@pytest.mark.parametrize(
    ("day", "claimed", "agreed", "paid"),
    [
        ("2019-03-10", "0.00", "0.00", "0.00"),
        ("2019-03-11", "9600.00", "0.00", "0.00"),
        ("2019-03-20", "9600.00", "6786.00", "0.00"),
        ("2019-03-29", "9600.00", "6786.00", "6786.00"),
    ],
)
def test_totals_up_to_a_day(mediation, day, claimed, agreed, paid):
    mediation("play", GARMENT)
    found = json.loads(mediation("totals", "--as-of", day, "--json").out)
    assert (found["as_of"], found["claimed"], found["agreed"], found["paid"]) == (day, claimed, agreed, paid)


def test_totals_as_a_table_say_the_same(mediation):
    """For a spreadsheet: every cell with its unit, money in yuan and exact."""
    mediation("play", DECLINES, GARMENT)
    answer = mediation("totals", "--csv")
    assert answer.out.startswith("measure,unit,subdistrict,month,head,amount\n")
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    said = json.loads(mediation("totals", "--json").out)
    for measure in ("claimed", "agreed", "paid"):
        mine = [row for row in rows if row["measure"] == measure]
        assert sum(Decimal(row["amount"]) for row in mine) == Decimal(said[measure])
        assert {row["unit"] for row in mine} == {"yuan"}
    assert [row["amount"] for row in rows if row["measure"] == "settled_workers"] == ["1"]
    assert [row["amount"] for row in rows if row["measure"] == "opening_recovered"] == ["170000000.00"]
    assert mediation("totals", "--csv", "--as-of", "2090-01-01").out == answer.out
    assert "agreed" not in mediation("totals", "--csv", "--as-of", "2019-03-19").out


def test_totals_are_counted_again_from_the_ledger(mediation, home):
    mediation("play", GARMENT)
    right = mediation("totals", "--csv").out
    connection = sqlite3.connect(home / "mediation.sqlite")
    connection.execute("UPDATE totals SET amount = amount + 1")
    connection.commit()
    connection.close()
    assert mediation("totals", "--csv").out != right
    assert mediation("totals", "--again", "--csv").out == right
    assert mediation("totals", "--csv").out == right
    assert mediation("audit").status == 0


def test_totals_in_two_forms_at_once_are_refused(fails):
    assert "--csv" in fails("totals", "--json", "--csv")


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "20260101", ""])
def test_totals_up_to_no_day_are_refused(fails, day):
    assert "--as-of" in fails("totals", "--as-of", day)


# --- audit ------------------------------------------------------------


def test_the_audit_says_yes_or_every_finding(mediation, home):
    mediation("play", DECLINES)
    assert mediation("audit").out == "The log and the ledger add up.\n"
    assert json.loads(mediation("audit", "--json").out) == {"ok": True, "findings": []}
    connection = sqlite3.connect(home / "mediation.sqlite")
    connection.execute("DROP TRIGGER cases_move_with_entry")
    connection.execute("UPDATE cases SET state = 'closed'")
    connection.execute("UPDATE totals SET amount = amount + 1")
    connection.commit()
    connection.close()
    answer = mediation("audit", "--json")
    assert answer.status == 1
    assert json.loads(answer.out)["ok"] is False
    assert len(json.loads(answer.out)["findings"]) == 2
    assert len(answer.err.splitlines()) == 2
    assert mediation("audit").status == 1
