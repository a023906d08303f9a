"""One case: its page, its acts, its meeting, its terms, its paper."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

cases = Blueprint("cases", __name__)


@cases.get("/cases/<ref>")
def show(ref: str) -> ResponseReturnValue:
    """The page of one case."""
    return render_template("cases/show.html", ref=ref)
