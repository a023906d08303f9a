"""The worker's application for arbitration: where it is offered, and the paper itself."""

from dataclasses import dataclass
from functools import partial

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from mediation.documents.arbitration import render
from mediation.documents.speaking import READING_COPY
from mediation.domain import arbitrating
from mediation.services.arbitrating import Wanted, arbitration_paper
from mediation.web.context import office
from mediation.web.lines import worker_name
from mediation.web.opened import Opened, open_case
from mediation.web.printed import printed, printed_in


@dataclass(frozen=True, slots=True)
class PaperLink:
    """A paper of one worker, and its reading copy."""

    name: str
    url: str
    english: str


def paper_links(opened: Opened) -> list[PaperLink]:
    """A worker's own application, or those of all workers for who helps them at the counter."""
    ours = [seat for seat in arbitrating.seats(opened.facts, opened.today) if may_have(opened, seat)]
    return [paper_link(opened, seat, "cases.arbitration") for seat in ours]


def paper_link(opened: Opened, seat: int, endpoint: str) -> PaperLink:
    """Where a paper of the worker in this seat is; staff say of which worker."""
    address = partial(url_for, endpoint, ref=opened.case.ref, worker=seat if opened.staff else None)
    return PaperLink(worker_name(opened, seat), address(), address(lang=READING_COPY))


def arbitration(ref: str) -> ResponseReturnValue:
    """The application as it would be filled in now: kept nowhere, so made for each who asks.

    Staff say for whom by `?worker=` and a seat; for everybody else what is not his is not there (404).
    """
    opened = open_case(ref)
    seat = request.args.get("worker", opened.actor.seat, type=int)
    if not may_have(opened, seat):
        abort(404)
    paper = arbitration_paper(office(), opened.case, opened.facts, Wanted(seat, printed_in()), opened.today)
    if paper is None:
        abort(404)
    return printed(render, paper, f"{paper.title} {paper.number}")


def may_have(opened: Opened, seat: int) -> bool:
    """Whether the reader may have a paper of the worker in this seat: he himself and staff may."""
    return opened.staff or (opened.actor.role, opened.actor.seat) == ("worker", seat)
