"""The root on a paper, the signature on an anchor, and the watcher whom nobody can show two histories."""

import base64
import json
import re
import subprocess
from dataclasses import replace
from datetime import timedelta

import makers
import pytest
from makers import make_case
from sqlalchemy import select, text
from tampering import drop_guards, put_back, rows

from mediation.documents import detached
from mediation.documents.authority import create, roots
from mediation.domain import anchors as words
from mediation.services import anchoring, papers, witnesses
from mediation.services.afterwards import make_papers
from mediation.services.findings import Kind, status
from mediation.services.papers import LEASE, claim_jobs, paper_of, plan
from mediation.services.proving import Unproved
from mediation.services.watching import OtherTree, admit, growth
from mediation.store.models import Anchor, Case, Job

AT = makers.MONDAY + timedelta(days=30)
HOUR = timedelta(hours=1)


@pytest.fixture
def more(transaction, office):
    """File another dispute and anchor it, the hour over."""
    moments = (AT + HOUR * n for n in range(100))

    def go_on(state="submitted"):
        at = next(moments)
        with transaction() as session:
            case = make_case(session, office, state=state).id
        anchoring.keep(transaction, office, at)
        return case

    return go_on


def told(transaction, since, root=None):
    with transaction() as session:
        return growth(session, since, root)


def take(transaction, office, store):
    """Show the newest anchor to a watcher, with the proof from what he has."""
    kept, _ = witnesses.lines_of(store)
    return admit(store, told(transaction, kept[-1].size if kept else 0), roots(office.keys))


# --- the signature -----------------------------------------------------------------------------------


def test_every_anchor_bears_our_signature_in_table_and_file(transaction, office, more, tmp_path):
    more()
    with transaction() as session:
        line = anchoring.line_of(session.scalars(select(Anchor)).one())
    assert words.read(office.anchors.file.read_text()) == line
    assert witnesses.ours(line, roots(office.keys))
    (tmp_path / "said").write_bytes(line.said)
    (tmp_path / "signature").write_bytes(base64.b64decode(line.signature))
    command = "openssl cms -verify -binary -inform DER -purpose any -in signature -content said -CAfile"
    subprocess.run(
        [*command.split(), str(office.keys / "root.pem")], cwd=tmp_path, check=True, capture_output=True
    )


def test_a_forged_signature_is_told_from_ours(transaction, office, more, tmp_path):
    more()
    line = words.read(office.anchors.file.read_text())
    stranger = create(tmp_path / "stranger", office.organisation.name)
    forged = base64.b64encode(detached.sign(line.said, stranger)).decode()
    ours = roots(office.keys)
    for wrong in (
        replace(line, signature=forged),
        replace(line, root="0" * 64),
        replace(line, size=line.size + 1),
        replace(line, signature=None),
        replace(line, signature="no base 64"),
        replace(line, signature=base64.b64encode(b"nothing").decode()),
    ):
        assert not witnesses.ours(wrong, ours), wrong
    assert witnesses.ours(replace(line, signature=forged), roots(tmp_path / "stranger"))
    assert not detached.holds(line.said, detached.sign(line.said, stranger), ours)


def test_the_audit_names_an_anchor_that_we_did_not_sign(transaction, office, more):
    for _ in range(3):
        more()

    def audited():
        with transaction() as session:
            found = list(witnesses.examine(session, office.anchors.file, AT, roots(office.keys)))
            return status(found), [finding.sentence for finding in found]

    assert audited() == (0, [])
    sentence = "anchor {}: the signature on it is not this organisation's"
    with transaction() as session:
        drop_guards(session)
        session.execute(text("UPDATE anchors SET signature = NULL WHERE number = 2"))
    assert audited() == (Kind.REWRITTEN, [sentence.format(2)])
    lines = office.anchors.file.read_text()
    office.anchors.file.write_text(re.sub(r', "signature": "[^"]*"', "", lines))
    with transaction() as session:
        session.execute(text("UPDATE anchors SET signature = NULL WHERE number = 1"))
    assert audited() == (Kind.REWRITTEN, [sentence.format(3)]), "those of before bear none"


# --- the root on the paper ---------------------------------------------------------------------------


def test_a_paper_shows_the_newest_root_of_when_it_was_begun_and_a_second_printing_shows_the_same(
    transaction, office, more
):
    case = more("performing")
    with transaction() as session:
        (job,) = claim_jobs(session, AT)
    with transaction() as session:
        first = plan(session, office, job).paper
        anchor = session.scalars(select(Anchor)).one()
        assert (first.root.root, first.root.size, first.root.at) == (anchor.root, anchor.size, anchor.at)
    more()
    make_papers(transaction, office, AT + LEASE + timedelta(seconds=1))  # the first maker has died
    with transaction() as session:
        assert plan(session, office, job).paper == first
        paper = paper_of(session, case, "agreement")
        assert session.get_one(Job, job).attempts == 2
        pdf = papers.path(office, paper.sha256).read_bytes()
        shown = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
        root = re.search(r"存证根 ([0-9a-f]{64})\n.*的(\d+)条", shown.stdout.decode())
        assert papers.rooted(session, paper)
    assert told(transaction, int(root[2]), root[1])["since"] == first.root.size
    with pytest.raises(OtherTree, match="had another root"):
        told(transaction, int(root[2]), "0" * 64)
    with pytest.raises(OtherTree, match="had another root"):
        told(transaction, int(root[2]) + 1, root[1])


def test_a_paper_begun_before_the_first_anchor_shows_none_ever(transaction, office, more):
    with transaction() as session:
        case = make_case(session, office, state="performing").id
        (job,) = claim_jobs(session, AT)
    more()
    make_papers(transaction, office, AT + LEASE + timedelta(seconds=1))
    with transaction() as session:
        assert plan(session, office, job).paper.root is None
        assert papers.rooted(session, paper_of(session, case, "agreement"))


def test_a_root_that_the_tree_never_had_is_told_of_its_paper(transaction, office, more):
    more()
    with transaction() as session:
        case = make_case(session, office, state="performing").id
    make_papers(transaction, office, AT)
    with transaction() as session:
        assert papers.rooted(session, paper_of(session, case, "agreement"))
        drop_guards(session)
        session.execute(text("UPDATE leaves SET hash = 'f' || substr(hash, 2) WHERE position = 0"))
        assert not papers.rooted(session, paper_of(session, case, "agreement"))


# --- the watcher -------------------------------------------------------------------------------------


def test_a_watcher_follows_the_tree_and_takes_an_anchor_once(transaction, office, more, tmp_path):
    store = tmp_path / "elsewhere" / "anchors.log"
    for number in (1, 2, 3):
        more()
        assert take(transaction, office, store).number == number
        assert take(transaction, office, store).number == number
    assert [line.number for line in witnesses.lines_of(store)[0]] == [1, 2, 3]
    more()
    more()
    assert take(transaction, office, store).number == 5, "he need not be shown every one"


def test_split_view(transaction, office, more, tmp_path):
    """Two copies of the database go on apart: whoever has seen the one refuses the other, for ever."""
    store = tmp_path / "watcher.log"
    more()
    take(transaction, office, store)
    with transaction() as session:
        drop_guards(session)
        older = rows(session)
    more("contacting")
    seen = take(transaction, office, store)
    with transaction() as session:
        put_back(session, older)
    before = store.read_bytes()
    for _ in range(3):  # one as large, then larger ones
        more("withdrawn")
        with transaction() as session:
            newest = session.scalars(select(Anchor).order_by(Anchor.number.desc())).first()
            assert newest.number >= seen.number
        with pytest.raises((OtherTree, Unproved), match=r"grow out|no tree of"):
            take(transaction, office, store)
    with pytest.raises(OtherTree, match="did not grow out of"):
        take(transaction, office, store)
    assert store.read_bytes() == before
    with transaction() as session:
        assert session.scalars(select(Case)).all(), "and yet each copy is sound in itself"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: {},
        lambda said: said | {"anchor": "once upon a time"},
        lambda said: said | {"anchor": re.sub(r', "signature": "[^"]*"', "", said["anchor"])},
        lambda said: said | {"anchor": said["anchor"].replace('"size": 4', '"size": 5')},
        lambda said: said | {"path": said["path"][1:]},
        lambda said: said | {"path": ["zz"]},
        lambda said: said | {"path": [*said["path"], "0" * 64]},
    ],
)
def test_a_watcher_takes_nothing_that_is_spoiled(transaction, office, more, tmp_path, spoil):
    store = tmp_path / "watcher.log"
    more()
    take(transaction, office, store)
    more()
    said = told(transaction, 2)
    spoiled = spoil(said)
    assert spoiled != said
    with pytest.raises(Unproved):
        admit(store, spoiled, roots(office.keys))
    assert len(witnesses.lines_of(store)[0]) == 1
    assert admit(store, said, roots(office.keys)).size == 4


# --- the gap -----------------------------------------------------------------------------------------


def test_anchor_gap_alarm(transaction, office, more):
    """Nobody has anchored for two hours though entries wait: so says the audit, with its own status."""
    more()
    with transaction() as session:
        make_case(session, office, state="submitted", at=AT + timedelta(minutes=1))

    def alarm(at):
        with transaction() as session:
            found = list(witnesses.examine(session, office.anchors.file, at, roots(office.keys)))
            assert list(witnesses._overdue(session, at)) == found
            return status(found), [finding.sentence for finding in found]

    due = AT + timedelta(minutes=1) + witnesses.OVERDUE
    assert alarm(due) == (0, [])
    assert alarm(due + timedelta(seconds=1)) == (
        Kind.UNANCHORED,
        ["no anchor for 2:00:00, though entries wait: 2"],
    )
    anchoring.keep(transaction, office, due + timedelta(seconds=2))
    assert alarm(due + timedelta(days=9)) == (0, [])


def test_the_lines_of_before_are_read_and_told_as_they_were():
    line = '{"anchor": 1, "at": "2026-04-01T01:00:00+00:00", "size": 2, "root": "ab"}'
    assert words.read(line).signature is None
    assert json.loads(words.read(line).line()) == json.loads(line)
