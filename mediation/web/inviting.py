"""The letter that staff print for an employer, while it has not answered."""

import io

from flask import abort, send_file
from flask.typing import ResponseReturnValue

from mediation.documents.invitation import render
from mediation.domain.clocks import deadlines
from mediation.services.inviting import invitation
from mediation.store.db import db
from mediation.web.context import office
from mediation.web.opened import Opened, open_case


def may_print(opened: Opened) -> bool:
    """Whether there is a letter to print: staff ask an employer that has not joined."""
    return opened.staff and opened.facts.state == "contacting" and not opened.facts.joined


def letter(ref: str) -> ResponseReturnValue:
    """The letter as it would be posted today: kept nowhere, so made for each who asks."""
    opened = open_case(ref)
    if not may_print(opened):
        abort(404)
    last = [one.due for one in deadlines(opened.engine.workflow, opened.facts)
            if one.clock.name == "contact" and one.stopped is None]  # fmt: skip
    answer_by = next((due for due in last if due >= opened.today), None)
    paper = invitation(office(), opened.case, opened.facts.category, answer_by, opened.today)
    db.session.close()  # printing takes a while and reads nothing
    made = send_file(
        io.BytesIO(render(paper)),
        mimetype="application/pdf",
        download_name=f"{paper.title} {paper.number}.pdf",
    )
    made.headers["Cache-Control"] = "no-store"  # the link on it opens the door
    return made
