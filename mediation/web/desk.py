"""What a member of staff has to do next."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

desk = Blueprint("desk", __name__)


@desk.get("/desk")
def show() -> ResponseReturnValue:
    """The cases that wait for the visitor."""
    return render_template("desk/show.html")
