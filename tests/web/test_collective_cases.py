"""Collective cases: first on the desk, with the article, and with representatives."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from makers import NOW
from reading import words
from visiting import Played, post

ARTICLE = "调解仲裁法第七条"


@pytest.fixture
def ten(app: Flask, transaction: Any) -> Played:
    return Played(app, transaction, state="submitted", workers=10, at=NOW - timedelta(hours=1))


def test_ten_come_first_with_a_word_and_nine_do_not(app: Flask, transaction: Any, ten: Played) -> None:
    nine = Played(app, transaction, state="submitted", workers=9, at=NOW - timedelta(days=2))
    page = words(ten.by("clerk").get("/desk"))
    assert "集体争议，先办（1）" in page
    assert ARTICLE in page
    assert page.count("+9") == 2, "once in the table and once on its card, in no other group"
    assert ARTICLE in words(ten.by("clerk").get(ten.url()))
    assert ARTICLE not in words(nine.by("clerk").get(nine.url()))
    assert "推举" not in words(nine.by("clerk").get(nine.url()))


def test_the_clerk_names_three_of_them(ten: Played) -> None:
    clerk, act = ten.by("clerk"), ten.url("/acts/name_representatives")
    form = clerk.get(act)
    assert words(form).count("劳动者：") == 10
    refused = post(clerk, act, representatives=["worker:0", "worker:1"])
    assert "代表要推举 3 到 5 位" in words(refused)
    assert post(clerk, act).status_code == 422
    assert post(clerk, act, representatives=["worker:0", "worker:1", "worker:2"]).status_code == 302
    assert "代表：钟某、罗某、蒋某兰" in words(clerk.get(ten.url()))


def test_when_one_leaves_ten_it_is_as_any_other(ten: Played) -> None:
    ten.act("step_out", role="worker", seat=9, data={})
    assert "集体争议" not in words(ten.by("clerk").get("/desk"))
    assert ARTICLE not in words(ten.by("clerk").get(ten.url()))
