"""audit: a status for each kind of damage, and proofs that need no database."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

GARMENT = Path(__file__).parents[1] / "dossiers" / "garment_dismissal.json"


@pytest.fixture
def played(mediation, home):
    """A case that was played to its end: its number."""
    return json.loads(mediation("play", GARMENT).out)["case"]


def damage(home, *statements):
    connection = sqlite3.connect(home / "mediation.sqlite")
    for table in ("entries", "leaves", "anchors"):
        for deed in ("update", "delete"):
            connection.execute(f"DROP TRIGGER {table}_no_{deed}")
    for statement in statements:
        assert connection.execute(statement).rowcount
    connection.commit()
    connection.close()


def test_each_damage_has_its_status(mediation, home, played):
    assert mediation("audit").status == 0
    damage(home, "UPDATE entries SET actor_id = 'person:9' WHERE number = 3")
    answer = mediation("audit", "--json")
    assert answer.status == json.loads(answer.out)["status"] == 3
    assert f"{played}: entry 3 was changed" in answer.err.splitlines()


def test_a_missing_entry_an_older_database_and_a_missing_anchor(mediation, home, played):
    lines = (home / "anchors.log").read_text()
    (home / "anchors.log").write_text("")
    assert mediation("audit").status == 6
    (home / "anchors.log").write_text(lines.replace(json.loads(lines.splitlines()[0])["root"], "0" * 64))
    assert mediation("audit").status == 5
    (home / "anchors.log").write_text(lines)
    assert mediation("audit").status == 0
    damage(home, "DELETE FROM leaves WHERE position = 4")
    assert mediation("audit").status == 4


def test_a_proof_is_checked_with_nothing_but_the_anchor_file(mediation, home, played, tmp_path, monkeypatch):
    answer = mediation("audit", "--proof", played, "3")
    proof = json.loads(answer.out)
    assert (proof["case"], proof["entry"], proof["anchor"]["size"]) == (played, 3, proof["size"])
    (tmp_path / "proof.json").write_text(answer.out)
    shutil.copy(home / "anchors.log", tmp_path / "anchors.log")
    monkeypatch.setenv("MEDIATION_INSTANCE", str(tmp_path / "elsewhere"))
    checked = mediation(
        "audit", "--check-proof", tmp_path / "proof.json", "--anchors", tmp_path / "anchors.log"
    )
    assert (checked.status, checked.err) == (0, "")
    assert f"entry 3 is in the log: position {proof['position']}" in checked.out
    assert not (tmp_path / "elsewhere").exists()


SPOILED = {
    "said": lambda proof: proof["said"].replace("clerk", "admin"),
    "hash": lambda _: "0" * 64,
    "leaf": lambda _: "0" * 64,
    "entry": lambda proof: proof["entry"] + 1,
    "case_id": lambda proof: proof["case_id"] + 1,
    "position": lambda proof: proof["position"] + 1,
    "path": lambda proof: proof["path"][1:],
    "size": lambda proof: proof["size"] + 1,
    "root": lambda _: "0" * 64,
    "later": lambda proof: {**proof["later"], "root": "0" * 64},
}


@pytest.mark.parametrize("field", SPOILED)
def test_a_spoiled_proof_proves_nothing(mediation, fails, played, tmp_path, field):
    proof = json.loads(mediation("audit", "--proof", played, "3").out)
    spoiled = proof | {field: SPOILED[field](proof)}
    assert spoiled != proof
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(spoiled, ensure_ascii=False))
    assert fails("audit", "--check-proof", path).startswith("proof.json: ")


def test_what_is_no_proof_is_refused_in_one_sentence(fails, played, tmp_path):
    for text in ("", "[]", "{}", "once upon a time"):
        (tmp_path / "proof.json").write_text(text)
        assert fails("audit", "--check-proof", tmp_path / "proof.json").startswith("proof.json: ")
    assert "no case" in fails("audit", "--proof", "nobody", "1")
    assert "has no entry 99" in fails("audit", "--proof", played, "99")


def test_what_was_played_is_all_anchored_even_within_an_hour_of_the_last_anchor(mediation, home):
    """Else the audit would find it overdue two hours later, though nobody has anything to do."""
    dossiers = Path(__file__).parents[1] / "dossiers"
    for _ in range(2):
        assert mediation("play", dossiers / "employer_declines.json").status == 0
    with closing(sqlite3.connect(home / "mediation.sqlite")) as database:
        ((entries,),) = database.execute("SELECT count(*) FROM entries")
        ((ends,),) = database.execute("SELECT count(*) FROM leaves WHERE case_id < 0")
        ((anchored,),) = database.execute("SELECT max(size) FROM anchors")
    assert anchored == entries + ends
    assert entries >= 8


def test_a_watcher_elsewhere_follows_the_tree_and_a_paper_s_root_is_held_against_it(
    mediation, home, played, tmp_path
):
    told, store = tmp_path / "told.json", tmp_path / "elsewhere.log"
    answer = mediation("growth", "0")
    told.write_text(answer.out)
    take = ("witness", told, "--store", store, "--root", home / "keys" / "root.pem")
    assert (mediation(*take).status, mediation(*take).err) == (0, "")
    anchor = json.loads(store.read_text())
    assert mediation("growth", str(anchor["size"]), anchor["root"]).status == 0
    assert mediation("growth", str(anchor["size"]), "0" * 64).status == 5
    assert mediation("growth", "999999").status == 1
    store.write_text(store.read_text().replace(anchor["root"], "0" * 64))
    assert mediation(*take).status == 5
    told.write_text("[]")
    assert mediation(*take).status == 1


def test_a_paper_whose_root_the_tree_never_had_is_not_verified(mediation, home, played):
    dossiers = Path(__file__).parents[1] / "dossiers"
    assert mediation("play", dossiers / "garment_dismissal.json").status == 0  # now there are anchors
    with closing(sqlite3.connect(home / "mediation.sqlite")) as database:
        query = "SELECT sha256 FROM papers JOIN jobs USING (case_id, entry) WHERE anchor IS NOT NULL"
        ((digest,),) = database.execute(query)
    pdf = home / "papers" / digest[:2] / f"{digest}.pdf"
    assert mediation("verify", pdf).status == 0
    damage(home, "UPDATE leaves SET hash = 'f' || substr(hash, 2) WHERE position = 0")
    answer = mediation("verify", pdf)
    assert (answer.status, "root" in answer.err) == (5, True)


def test_since_a_moment_or_a_size_the_rest_is_left_out_and_it_says_so(mediation, home, played):
    """An older case with a changed entry is not looked at; the whole audit finds it."""
    damage(home, "UPDATE entries SET actor_id = 'person:9' WHERE number = 3")
    with closing(sqlite3.connect(home / "mediation.sqlite")) as database:
        ((size,),) = database.execute("SELECT max(position) + 1 FROM leaves WHERE case_id > 0")
    for first in ("2030-01-01", str(size)):
        answer = mediation("audit", "--since", first)
        assert answer.status == 0
        assert "Not checked: cases without an entry since then: 1; people" in answer.out
    for first in ("2019-01-01T08:00", str(size - 1), "0"):
        assert mediation("audit", "--since", first).status == 3
    assert mediation("audit").status == 3
    told = json.loads(mediation("audit", "--since", "2030-01-01", "--json").out)
    assert told["left_out"].startswith("Not checked")
    assert mediation("audit", "--since", "soon").status == 2
    damage_of_tree = "DELETE FROM leaves WHERE position = 4"
    with closing(sqlite3.connect(home / "mediation.sqlite")) as database, database:
        database.execute(damage_of_tree)
    assert mediation("audit", "--since", "2030-01-01").status == 4, "the tree is always checked whole"


def test_a_worker_audits_once_a_night_and_the_doctor_tells(mediation, home, played):
    assert "audit: none yet" in mediation("doctor").out
    assert mediation("work").status == 0
    first = json.loads((home / "audit.json").read_text())
    assert (first["status"], first["count"]) == (0, 0)
    damage(home, "UPDATE entries SET actor_id = 'person:9' WHERE number = 3")
    assert mediation("work").status == 0, "it has been done this night"
    assert json.loads((home / "audit.json").read_text()) == first
    (home / "audit.json").write_text(json.dumps(first | {"at": "2026-01-01T00:00:00Z"}))
    answer = mediation("work")
    assert answer.status == 1
    assert "found" in answer.err
    assert json.loads((home / "audit.json").read_text())["status"] == 3
    answer = mediation("doctor")
    assert answer.status == 1
    assert "the audit of " in answer.err


def test_the_doctor_and_the_worker_raise_the_alarm_when_nothing_is_anchored(mediation, home, played):
    (home / "anchors.log").unlink()
    (home / "anchors.log").mkdir()  # nothing can be appended to it
    with closing(sqlite3.connect(home / "mediation.sqlite")) as database, database:
        database.execute("DROP TRIGGER deliveries_no_delete")
        database.execute("DROP TRIGGER anchors_no_update")
        database.execute("DELETE FROM deliveries")
        database.execute("UPDATE anchors SET at = '2026-01-01 00:00:00.000000'")
    answer = mediation("doctor")
    assert answer.status == 1
    assert "anchors: WARNING: overdue" in answer.out
    assert "has not reached the file" in answer.err


def test_the_doctor_finds_rows_that_belong_to_nothing(mediation, home, played):
    assert mediation("doctor").status == 0
    damage(
        home,
        "INSERT INTO outbox (case_id, entry, audience, template, made_at, attempts)"
        " VALUES (999999, 1, 'workers', 'submit', '2026-03-02 00:00:00.000000', 0)",
    )
    answer = mediation("doctor")
    assert answer.status == 1
    assert "foreign_key_check: outbox: rows that belong to nothing: 2" in answer.err
