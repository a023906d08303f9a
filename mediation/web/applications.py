"""The copy of what a worker applied for: his own, and staff's for whoever asks at the counter."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from mediation.documents.application import render
from mediation.services.applications import application_paper
from mediation.web.arbitration import PaperLink, may_have, paper_link
from mediation.web.context import office
from mediation.web.opened import Opened, open_case
from mediation.web.printed import printed, printed_in


def copies(opened: Opened) -> list[PaperLink]:
    """The copies that the reader may have; a worker his own."""
    seats = range(opened.facts.workers) if opened.case.number else ()
    return [paper_link(opened, seat, "cases.application") for seat in seats if _his(opened, seat)]


def application(ref: str) -> ResponseReturnValue:
    """The copy as a PDF; staff say whose by `?worker=` and a seat.

    What is not the reader's is not there (404).
    """
    opened = open_case(ref)
    seat = request.args.get("worker", opened.actor.seat, type=int)
    paper = _his(opened, seat) and application_paper(office(), opened.case, opened.facts, seat, printed_in())
    if not paper:
        abort(404)
    return printed(render, paper, f"{paper.title} {paper.number}")


def _his(opened: Opened, seat: int) -> bool:
    """Whoever was only named by others and has not said yes applied for nothing."""
    named = (*opened.facts.unconfirmed, *opened.facts.declined)
    return may_have(opened, seat) and (opened.staff or seat not in named)
