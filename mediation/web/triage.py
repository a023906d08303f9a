"""What a case's page says of how it was sorted: attempts, refusal, papers of the office, other cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Response, abort, render_template, send_file
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mediation.documents.office_paper import render
from mediation.documents.speaking import READING_COPY
from mediation.domain import ladder
from mediation.domain.place_rules import places
from mediation.engine.refusals import Refused
from mediation.engine.workflow import Action
from mediation.services import office_papers, papers
from mediation.services.attempts import Attempt, attempts_of
from mediation.services.notices import short
from mediation.store.db import db
from mediation.store.models import Paper
from mediation.store.related import related
from mediation.web import acting
from mediation.web.context import office, settle
from mediation.web.opened import Opened, open_case
from mediation.web.printed import printed, printed_in
from mediation.web.views import case_view
from mediation.web.wording import worded


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a case is not taken, in words, whom to call, where to go, and the day it was received."""

    reason: str
    words: str
    route: str
    phone: str
    address: str
    received: date | None
    waits: bool


@dataclass(frozen=True, slots=True)
class Near:
    """Another case of the same two sides."""

    ref: str
    number: str
    label: str
    received: date | None


@dataclass(frozen=True, slots=True)
class Triage:
    """What is shown beside the case, for one reader."""

    attempts: list[Attempt]
    rungs: tuple[ladder.Rung, ...]
    refusal: Refusal | None
    stated: str
    """The kind of the newest paper that the office has made for him, or nothing."""
    referred_to: str
    receipt: str
    near: list[Near]


def of(opened: Opened) -> Triage:
    """What this visitor may see: the employer nothing of it, the worker only what is decided."""
    facts = opened.facts
    if opened.actor.role == "employer":
        return Triage([], (), None, "", "", "", [])
    sent = facts.referral
    tried = attempts_of(db.session(), [opened.case_id])[opened.case_id]
    return Triage(
        tried,
        ladder.rungs(facts, [(one.on, one.way) for one in tried], opened.today),
        refusal(opened),
        _newest(opened),
        sent.to if sent else "",
        sent.receipt if sent else "",
        _near(opened) if opened.staff else [],
    )


def refusal(opened: Opened) -> Refusal | None:
    """The refusal that was decided, or to staff one that waits for a second person."""
    one, decided = opened.facts.rejection, opened.facts.state in ("rejected", "closed")
    if one is None or not (decided or opened.staff):
        return None
    said = office_papers.refusal(opened.case.log)
    return Refusal(
        reason=worded("reasons", one.reason),
        words=said.get("note", ""),
        route=worded("routes", one.route),
        phone=places().contacts[one.route].phone,
        address=office().organisation.addresses.get(one.route, ""),
        received=opened.facts.received,
        waits=not decided,
    )


def form_page(
    opened: Opened,
    action: Action,
    typed: MultiDict[str, str],
    problems: Mapping[str, str] | None,
    refused: Refused | None,
) -> str:
    """The page of the second reader: what he agrees to stands above the button."""
    return acting.form_page(opened, action, typed, problems, refused, refusal(opened))


def stated(ref: str, kind: str) -> ResponseReturnValue:
    """A paper of the office, exactly its bytes: for the workers and the staff, to others it is not there.

    Its reading copy is printed for whoever asks and kept nowhere.
    """
    opened = open_case(ref)
    if kind != _newest(opened) or opened.actor.role == "employer":
        abort(404)
    if printed_in() == READING_COPY:
        copy = office_papers.reading_copy(db.session(), office(), opened.case, kind) or abort(404)
        return printed(render, copy, copy.number)
    paper = papers.paper_of(db.session(), opened.case_id, kind)
    if paper is None:
        settle()
        paper = papers.paper_of(db.session(), opened.case_id, kind)
    if paper is None:
        return render_template("cases/printing.html", case=case_view(open_case(ref))), 202
    return handed(paper)


def handed(paper: Paper) -> Response:
    """The file of a registered paper."""
    found = send_file(
        papers.path(office(), paper.sha256),
        mimetype="application/pdf",
        download_name=f"{paper.number}.pdf",  # the library spells the Chinese for the header
    )
    found.headers["Cache-Control"] = "no-store"  # many phones are shared
    return found


_ORDERED = {"certify_no_answer": office_papers.KINDS[0], "approve_rejection": office_papers.KINDS[1]}


def _newest(opened: Opened) -> str:
    found = [_ORDERED[entry.action] for entry in opened.case.log if entry.action in _ORDERED]
    return found[-1] if found and not opened.outside else ""


def _near(opened: Opened) -> list[Near]:
    catalogue = office().catalogue
    return [
        Near(
            one.ref,
            short(one.number),
            catalogue[one.workflow, one.workflow_version].workflow.states[one.state].label,
            one.received_at.date() if one.received_at else None,
        )
        for one in related(db.session(), opened.actor, opened.case)
    ]
