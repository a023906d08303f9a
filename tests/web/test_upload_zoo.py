"""Every file of the zoo: taken in and harmless, or refused with a sentence; never a fault of ours."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
import zoo
from flask import Flask
from PIL import Image
from visiting import Played
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from mediation.domain.words import problem


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def case(app: Flask, transaction: Any) -> Played:
    return Played(app, transaction, state="contacting")


def hand_in(case: Played, content: bytes, name: str = "photo.jpg", media: str = "image/jpeg") -> TestResponse:
    file = FileStorage(io.BytesIO(content), name, content_type=media)
    boundary, body = encode_multipart({"file": file})  # in memory: the client would leave its file open
    kind = f"multipart/form-data; boundary={boundary}"
    return case.by("worker").post(case.url("/acts/add_evidence"), data=body, content_type=kind)


def in_case(case: Played) -> list[str]:
    """The digests that the worker's page of evidence leads to."""
    page = case.by("worker").get(case.url("/evidence"))
    return list(dict.fromkeys(re.findall(r"/evidence/([0-9a-f]{64})/", page.text)))


def test_the_zoo_is_large() -> None:
    assert len(zoo.GOOD) + len(zoo.BAD) + len(zoo.NAMES) >= 120


@pytest.mark.parametrize("name", zoo.GOOD)
def test_what_is_taken_in_is_clean_for_whoever_looks(case: Played, name: str) -> None:
    answer = hand_in(case, zoo.GOOD[name]())
    assert answer.status_code == 302, re.findall('class="em"[^<]*<', answer.text)
    (digest,) = in_case(case)
    browser = case.by("worker")
    view = browser.get(case.url(f"/evidence/{digest}/view"))
    assert view.status_code == 200
    assert zoo.CANARY not in view.data
    for gone in (b"<script", b"/JavaScript", b"/Launch", b"http://"):
        assert gone not in view.data
    assert view.headers["X-Content-Type-Options"] == "nosniff"
    assert view.headers["Content-Security-Policy"].startswith("sandbox;")
    if view.mimetype == "image/jpeg":
        with Image.open(io.BytesIO(view.data)) as seen:
            seen.load()
            assert seen.format == "JPEG"
            assert not seen.getexif()
            assert not {"icc_profile", "comment", "exif", "xmp"} & seen.info.keys()
        assert browser.get(case.url(f"/evidence/{digest}/small")).status_code == 200
    else:
        assert view.headers["Content-Disposition"].startswith("attachment")
    original = browser.get(case.url(f"/evidence/{digest}/original"))
    assert original.data == zoo.GOOD[name]()
    assert original.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", zoo.BAD)
def test_what_is_refused_is_refused_with_a_sentence(case: Played, name: str) -> None:
    code, made = zoo.BAD[name]
    answer = hand_in(case, made())
    assert answer.status_code == 422
    assert problem(code) in answer.text
    assert "<title>错误：" in answer.text
    assert in_case(case) == []


@pytest.mark.parametrize("name", zoo.NAMES)
def test_what_a_file_is_called_does_not_count(case: Played, name: str, instance: Path) -> None:
    answer = hand_in(case, zoo.NOTED, name, "text/html")
    assert answer.status_code == 302 or ("\n" in name and answer.status_code == 422), (
        "a broken line sends no file"
    )
    kept = [one.name for one in instance.rglob("*") if one.is_file() and one.parent.parent.name == "evidence"]
    assert all(re.fullmatch(r"[0-9a-f]{64}(\.view|\.small)?", one) for one in kept)


@pytest.mark.parametrize(("turned", "size"), [(1, (64, 48)), (3, (64, 48)), (6, (48, 64)), (8, (48, 64))])
def test_a_photo_is_shown_the_right_way_up(case: Played, turned: int, size: tuple[int, int]) -> None:
    hand_in(case, zoo.photo(exif=zoo.exif(turned)))
    (digest,) = in_case(case)
    seen = Image.open(io.BytesIO(case.by("worker").get(case.url(f"/evidence/{digest}/view")).data))
    assert seen.size == size


def test_a_file_larger_than_any_is_told_so(case: Played) -> None:
    answer = hand_in(case, bytes(22 * 1024 * 1024))
    assert answer.status_code == 413
    assert "20 MB" in answer.text


def test_a_form_without_a_file_with_two_or_with_more_is_told_so(case: Played) -> None:
    browser, url = case.by("worker"), case.url("/acts/add_evidence")
    assert problem("file_missing") in browser.post(url, data={}).text
    two = {"file": [(io.BytesIO(zoo.NOTED), "a.jpg"), (io.BytesIO(zoo.NOTED), "b.jpg")]}
    assert problem("one_file") in browser.post(url, data=two).text
    more = {"file": (io.BytesIO(zoo.NOTED), "a.jpg"), "other": (io.BytesIO(b"x"), "b.jpg")}
    assert browser.post(url, data=more).status_code == 422
    assert browser.post(url, data={"file": "no file but text"}).status_code == 422
    assert in_case(case) == []
