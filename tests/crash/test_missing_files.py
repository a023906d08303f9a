"""A paper whose file is missing, cut short, changed or exchanged is named."""

import os
from pathlib import Path

import makers
import pytest
from makers import make_case

from mediation.services import papers
from mediation.services.afterwards import make_papers
from mediation.services.audit_files import findings
from mediation.services.papers import path, put
from mediation.store.models import Paper

AT = makers.MONDAY
PAPERS = 6


@pytest.fixture
def registered(transaction, office, monkeypatch):
    """Papers in the register with their files: where each lies.  What they say does not matter here."""

    def printed(plan, _office):
        return f"%PDF-1.7\nagreement {plan.paper.number}\n".encode() + os.urandom(2_000) + b"\n%%EOF\n"

    monkeypatch.setattr(papers, "printed", printed)
    with transaction() as session:
        for _ in range(PAPERS):
            make_case(session, office, state="performing")
    make_papers(transaction, office, AT)
    with transaction() as session:
        return {one.number: path(office, one.sha256) for one in session.query(Paper).order_by(Paper.id)}


def found(transaction, office):
    with transaction() as session:
        return list(findings(session, office))


def test_nothing_is_said_of_papers_that_lie_where_they_should(transaction, office, registered):
    assert len(registered) == PAPERS
    assert found(transaction, office) == []


def test_one_deleted_one_truncated_one_flipped_and_two_swapped_are_all_named(transaction, office, registered):
    deleted, cut, flipped, one, other, _untouched = registered
    registered[deleted].unlink()
    registered[cut].write_bytes(registered[cut].read_bytes()[:1_000])
    content = bytearray(registered[flipped].read_bytes())
    content[500] ^= 1
    registered[flipped].write_bytes(content)
    contents = [registered[number].read_bytes() for number in (other, one)]
    registered[one].write_bytes(contents[0])
    registered[other].write_bytes(contents[1])
    said = {sentence.partition(": ")[0]: sentence for sentence in found(transaction, office)}
    assert said.keys() == {deleted, cut, flipped, one, other}
    assert said[deleted].endswith("its file is missing")
    assert said[cut].endswith("its file is truncated")
    assert said[flipped].endswith("its file was changed")
    assert said[one].endswith(f"({other})")
    assert said[other].endswith(f"({one})")


@pytest.mark.parametrize("kept", [0, 1, 2_000])
def test_every_length_but_the_right_one_is_truncated(transaction, office, registered, kept):
    place = next(iter(registered.values()))
    place.write_bytes(place.read_bytes()[:kept])
    assert [one.rpartition(": ")[2] for one in found(transaction, office)] == ["its file is truncated"]


def test_a_file_in_the_place_of_which_something_else_lies_is_named(transaction, office, registered):
    place = next(iter(registered.values()))
    place.unlink()
    place.mkdir()
    assert "cannot be read" in "".join(found(transaction, office))


def test_a_paper_that_was_made_and_is_gone_from_the_register_is_named(transaction, office, registered):
    number = next(iter(registered))
    with transaction() as session:
        connection = session.connection()
        for statement in _unguard(connection.dialect.name):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("DELETE FROM papers WHERE id = (SELECT min(id) FROM papers)")
    assert [one.partition(": ")[0] for one in found(transaction, office)] == [number]


def _unguard(kind):
    if kind == "postgresql":
        return ["DROP FUNCTION append_only() CASCADE"]
    return ["DROP TRIGGER papers_no_delete"]


def test_a_file_and_the_name_of_every_new_folder_go_down_to_the_disk(tmp_path, monkeypatch):
    """Each folder is synced after something new stands in it, and the file before it has its name."""
    done = []
    fsync, replace = os.fsync, os.replace

    def synced(handle):
        done.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        fsync(handle)

    def replaced(source, target):
        done.append("replace")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    home = tmp_path.resolve()
    folder = home / "instance" / "papers"
    put(folder, "ab" * 32, b"content")
    draft = done[3]
    assert done == [*map(str, (home, home / "instance", folder)), draft, "replace", str(folder / "ab")]
    assert Path(draft).parent == folder / "ab"
    done.clear()
    put(folder, "ab" * 31 + "cd", b"more")
    assert len(done) == 3, "the folders are there: file, name, folder of the name"
