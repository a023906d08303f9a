"""`work` does what is due, and `play` does what was due before each act of a dossier."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

DOSSIERS = Path(__file__).parents[1] / "dossiers"


def dossier(folder, name, *, later=None, acts=None, received=None):
    """A dossier with fewer acts, or with those from a number on thirty days later."""
    found = json.loads((DOSSIERS / name).read_text("utf-8"))
    found["received"] = received or found["received"]
    found["acts"] = found["acts"][:acts]
    for act in found["acts"][later:] if later is not None else ():
        act["at"] = (datetime.fromisoformat(act["at"]) + timedelta(days=30)).isoformat()
    place = folder / name
    place.write_text(json.dumps(found), "utf-8")
    return place


def log(home):
    """Who did what, in order."""
    with closing(sqlite3.connect(home / "mediation.sqlite")) as database:
        return database.execute("SELECT role, action FROM entries ORDER BY case_id, number").fetchall()


def of_system(home):
    return [action for role, action in log(home) if role == "system"]


RUNGS = ["call_employer", "remind_acceptance", "contact_again", "visit_employer", "no_answer", "open_exit"]


def test_work_does_what_is_due_once(mediation, home, tmp_path):
    place = dossier(tmp_path, "garment_dismissal.json", acts=1)
    assert mediation("play", place).status == 0
    assert of_system(home) == []
    assert mediation("work").status == 0
    assert sorted(of_system(home)) == sorted(RUNGS)
    assert mediation("work").status == 0
    assert len(of_system(home)) == len(RUNGS)
    assert mediation("audit").status == 0


def test_play_does_what_was_due_before_an_act(mediation, home, tmp_path):
    place = dossier(tmp_path, "garment_dismissal.json", acts=2, later=1)
    assert mediation("play", place).status == 0
    assert sorted(of_system(home)) == sorted(RUNGS)
    assert log(home)[-1] == ("employer", "join")
    assert mediation("audit").status == 0


def test_play_stops_at_a_signature_that_comes_too_late(mediation, home, tmp_path):
    """The third signature is thirty days late: the time for signing was over, what was signed fell."""
    place = dossier(tmp_path, "garment_dismissal.json", later=13)
    answer = mediation("play", place)
    assert (answer.status, answer.out) == (1, "")
    assert answer.err == "garment_dismissal.json: act 13: 签字: 协议草稿待看\n"
    assert log(home)[-1] == ("employer", "sign"), "nothing is kept of what was refused"
    assert mediation("work").status == 0
    assert "lapse_signing" in of_system(home)
    assert mediation("audit").status == 0
