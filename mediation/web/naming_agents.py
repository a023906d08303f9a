"""The page on which a party names somebody to act for it."""

from collections.abc import Mapping

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mediation.domain import fields
from mediation.engine.asking import Ask
from mediation.engine.refusals import Refused
from mediation.engine.workflow import Action
from mediation.services import agents
from mediation.web import acting, authority_form, evidence, languages
from mediation.web.acting import NOTHING
from mediation.web.context import office
from mediation.web.known import Form
from mediation.web.opened import Opened
from mediation.web.views import case_view
from mediation.web.wording import wording

FORM = Form(authority_form.NAMES)


def form_page(
    opened: Opened,
    action: Action,
    typed: MultiDict[str, str] = NOTHING,
    problems: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
) -> str:
    """Whom, as what, how far, how long, and which of the papers handed in says so."""
    return render_template(
        "cases/agent.html",
        case=case_view(opened),
        action=action,
        seen=opened.revision,
        typed=typed or authority_form.proposed(opened.today),
        **authority_form.choices(languages.language()),
        papers=_papers(opened),
        problems=problems or {},
        refusal=refusal,
        consequence=wording("consequences", action.name),
    )


def perform(opened: Opened, action: Action, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """Name him, if everything can be read.  Raises Refused, Invalid."""
    acting.admit(opened, typed, FORM)
    said = authority_form.read(typed, dict(_papers(opened)))
    authority = {"ref": agents.new_ref(), **said.authority}
    data = fields.read(action, {"authority": authority})
    ask = Ask(action.name, opened.actor, acting.seen_in(typed), opened.at, data)
    answer = acting.once(
        opened,
        lambda session: agents.name_agent(session, office(), opened.case_id, ask, said.name, said.phone),
    )
    assert answer is not None  # noqa: S101 - naming is done or raises
    return acting.finished(action.name, answer)


def _papers(opened: Opened) -> list[tuple[str, str]]:
    """What he has handed in himself: digest and name."""
    return [(one.digest, one.name) for one in evidence.lines(opened) if one.mine]
