"""Evidence of a case: who sees it, who opens it, what the log says of it, and how it stays whole."""

import io
import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest
import zoo
from flask import Flask
from makers import NOW
from reading import filled, words
from visiting import EVERYBODY, Played, post
from werkzeug.test import TestResponse

from mediation.domain.words import problem
from mediation.services import auditing, backups
from mediation.services.offices import Office
from mediation.store import vault
from mediation.store.cases import facts_of
from mediation.store.models import Case, Entry

GPS = zoo.CANARY


@pytest.fixture
def case(app: Flask, transaction: Any) -> Played:
    return Played(app, transaction, state="in_meeting", workers=2)


def hand_in(case: Played, content: bytes, role: str = "worker", seat: int = 0) -> TestResponse:
    browser = case.by(role, seat)
    typed = filled(browser.get(case.url("/evidence"))) | {"file": (io.BytesIO(content), "a.jpg")}
    return browser.post(case.url("/acts/add_evidence"), data={k: v for k, v in typed.items() if k})


def digests(case: Played, role: str, seat: int = 0) -> list[str]:
    page = case.by(role, seat).get(case.url("/evidence"))
    assert page.status_code == 200
    return list(dict.fromkeys(re.findall(r"/evidence/([0-9a-f]{64})/", page.text)))


def opened(case: Played, digest: str, role: str = "worker") -> TestResponse:
    return post(case.by(role), case.url(f"/acts/open_evidence?piece={digest}"))


def seen_by(case: Played, digest: str, which: str) -> set[str]:
    """Who gets this copy of it."""
    people = [(role, 0) for role in EVERYBODY] + [("worker", 1)]
    answers = {
        (role, seat): case.by(role, seat).get(case.url(f"/evidence/{digest}/{which}"))
        for role, seat in people
    }
    assert {one.status_code for one in answers.values()} <= {200, 404}
    return {f"{role}{seat or ''}" for (role, seat), one in answers.items() if one.status_code == 200}


STAFF = {"mediator", "clerk", "admin"}


def test_what_is_handed_in_is_seen_by_its_owner_and_the_staff_until_he_opens_it(case: Played) -> None:
    assert hand_in(case, zoo.NOTED).status_code == 302
    (digest,) = digests(case, "worker")
    assert digests(case, "employer") == []
    for which in ("view", "small", "original"):
        assert seen_by(case, digest, which) == {"worker", *STAFF}
    page = case.by("worker").get(case.url(f"/acts/open_evidence?piece={digest}"))
    assert "收不回来" in words(page)
    assert seen_by(case, digest, "view") == {"worker", *STAFF}, "to look at the question opens nothing"
    assert opened(case, digest).status_code == 302
    for which in ("view", "small"):
        assert seen_by(case, digest, which) == {"worker", "worker1", "employer", *STAFF}
    assert seen_by(case, digest, "original") == {"worker", *STAFF}, "with the place it was taken at"
    assert GPS not in case.by("employer").get(case.url(f"/evidence/{digest}/view")).data


def test_the_same_for_the_employer(case: Played) -> None:
    hand_in(case, zoo.pdf(), "employer")
    (digest,) = digests(case, "employer")
    assert seen_by(case, digest, "view") == {"employer", *STAFF}
    opened(case, digest, "employer")
    assert seen_by(case, digest, "view") == {"employer", "worker", "worker1", *STAFF}


def test_nobody_opens_what_another_handed_in_and_nobody_closes_it_again(case: Played) -> None:
    hand_in(case, zoo.NOTED)
    (digest,) = digests(case, "worker")
    _, revision = case.now()
    for role, seat in (("employer", 0), ("worker", 1)):
        forced = {"piece": digest, "seen": str(revision)}
        assert case.by(role, seat).post(case.url("/acts/open_evidence"), data=forced).status_code == 409
    opened(case, digest)
    again = {"piece": digest, "seen": str(revision + 1)}
    assert case.by("worker").post(case.url("/acts/open_evidence"), data=again).status_code == 409
    assert case.now()[1] == revision + 1


def test_another_case_a_stranger_and_one_who_left_get_nothing(
    case: Played, app: Flask, transaction: Any
) -> None:
    hand_in(case, zoo.NOTED)
    (digest,) = digests(case, "worker")
    opened(case, digest)
    other = Played(app, transaction, state="in_meeting")
    for which in ("view", "small", "original"):
        assert other.by("worker").get(case.url(f"/evidence/{digest}/{which}")).status_code == 404
        assert other.by("worker").get(other.url(f"/evidence/{digest}/{which}")).status_code == 404
        assert app.test_client().get(case.url(f"/evidence/{digest}/{which}")).status_code == 302
    case.act("step_out", role="worker", seat=1)
    assert "worker1" not in seen_by(case, digest, "view")


def test_nobody_hands_in_the_same_twice_but_two_may_have_the_same(case: Played) -> None:
    assert hand_in(case, zoo.NOTED).status_code == 302
    again = hand_in(case, zoo.NOTED)
    assert again.status_code == 409
    assert "已经交过了" in again.text
    assert hand_in(case, zoo.NOTED, "employer").status_code == 302
    assert len(digests(case, "employer")) == 1


def test_the_entry_binds_digest_kind_size_and_audience(case: Played, transaction: Any) -> None:
    hand_in(case, zoo.NOTED)
    (digest,) = digests(case, "worker")
    with transaction() as session:
        last = session.query(Entry).filter_by(case_id=case.id).order_by(Entry.number.desc()).first()
        assert json.loads(last.data) == {
            "evidence": {
                "digest": digest, "kind": "photo", "media": "image/jpeg", "size": len(zoo.NOTED),
                "audience": "own",
            }
        }  # fmt: skip
        assert GPS.decode() not in last.data


def test_whoever_comes_second_is_not_late(case: Played, transaction: Any) -> None:
    """Two hand in at once, and a page from before the case moved still takes a file."""
    files = [zoo.photo(size=(40 + n, 40)) for n in range(6)]
    came: list[int] = []
    threads = [
        threading.Thread(
            target=lambda one=one, n=n: came.append(
                hand_in(case, one, ("worker", "employer")[n % 2]).status_code
            )
        )
        for n, one in enumerate(files)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert came == [302] * 6
    with transaction() as session:
        assert len(facts_of(session.get_one(Case, case.id)).evidence) == 6


def test_the_same_form_sent_twice_hands_in_once(case: Played) -> None:
    browser = case.by("worker")
    typed = filled(browser.get(case.url("/evidence")))
    for _ in range(2):
        sent = typed | {"file": (io.BytesIO(zoo.NOTED), "a.jpg")}
        assert browser.post(case.url("/acts/add_evidence"), data=sent).status_code == 302
    assert len(digests(case, "worker")) == 1


def test_sixty_is_enough(case: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mediation.services.evidence.MOST_ITEMS", 1)
    hand_in(case, zoo.NOTED)
    more = hand_in(case, zoo.photo(size=(9, 9)))
    assert more.status_code == 422
    assert problem("too_many_files") in more.text


# --- kept whole ----------------------------------------------------------------------------------------


def found(transaction: Any, office: Office) -> list[str]:
    with transaction() as session:
        return [one.sentence for one in auditing.examine(session, office, NOW) if "evidence" in one.sentence]


def test_what_is_kept_is_sealed(case: Played, office: Office) -> None:
    hand_in(case, zoo.NOTED)
    kept = [one for one in office.evidence.rglob("*") if one.is_file()]
    assert len(kept) == 3
    assert all(GPS not in one.read_bytes() and b"JFIF" not in one.read_bytes() for one in kept)


@pytest.mark.parametrize("harm", ["missing", "truncated", "changed", "another's"])
def test_the_audit_names_evidence_that_is_not_what_was_handed_in(
    case: Played, office: Office, transaction: Any, harm: str
) -> None:
    hand_in(case, zoo.NOTED)
    hand_in(case, zoo.pdf())
    first, second = digests(case, "worker")
    assert found(transaction, office) == []
    place = vault.place(office.evidence, first)
    sealed = place.read_bytes()
    if harm == "missing":
        place.unlink()
    elif harm == "truncated":
        place.write_bytes(sealed[:-1])
    elif harm == "changed":
        place.write_bytes(sealed[:40] + bytes([sealed[40] ^ 1]) + sealed[41:])
    else:
        place.write_bytes(vault.place(office.evidence, second).read_bytes())
    (sentence,) = found(transaction, office)
    assert sentence.startswith("东工调〔2026〕") or "2026" in sentence
    assert case.by("worker").get(case.url(f"/evidence/{first}/original")).status_code == 404
    assert case.by("worker").get(case.url(f"/evidence/{second}/original")).status_code == 200


def test_the_audit_asks_for_the_digest_and_not_only_for_the_seal(
    case: Played, office: Office, transaction: Any
) -> None:
    """Whoever has the key could seal something else under the same name."""
    hand_in(case, zoo.NOTED)
    (digest,) = digests(case, "worker")
    vault.put(office.evidence, office.keys, digest, zoo.photo(size=(5, 5)))
    assert len(found(transaction, office)) == 1
    assert case.by("worker").get(case.url(f"/evidence/{digest}/original")).status_code == 404


def test_a_copy_that_is_lost_is_made_again(case: Played, office: Office) -> None:
    hand_in(case, zoo.NOTED)
    (digest,) = digests(case, "worker")
    view = case.url(f"/evidence/{digest}/view")
    before = case.by("worker").get(view).data
    vault.place(office.evidence, digest + ".view").unlink()
    assert case.by("worker").get(view).data == before


def test_a_backup_has_the_evidence_and_not_its_key(case: Played, office: Office, tmp_path: Path) -> None:
    hand_in(case, zoo.NOTED)
    (digest,) = digests(case, "worker")
    backups._copy(office.evidence, tmp_path / "backup")
    backups._copy(tmp_path / "backup" / "evidence", tmp_path / "again")
    copied = tmp_path / "again" / "evidence"
    assert vault.get(copied, office.keys, digest) == zoo.NOTED
    with pytest.raises(vault.Spoilt):
        vault.get(copied, tmp_path / "other keys", digest)
    assert not list((tmp_path / "backup").rglob("keys"))
