"""The letter to an employer, printed by staff while it is asked whether it will talk."""

from dataclasses import replace

from flask import abort
from flask.typing import ResponseReturnValue

from mediation.documents.letter import render
from mediation.services.inviting import STATES, letter
from mediation.web.answering import days
from mediation.web.context import office
from mediation.web.opened import Opened, open_case
from mediation.web.printed import printed, printed_in


def may_print(opened: Opened) -> bool:
    """Whether there is a letter to print: staff ask an employer that has not joined."""
    return opened.staff and opened.facts.state in STATES and not opened.facts.joined


def letter_pdf(ref: str) -> ResponseReturnValue:
    """The letter as it would be sent today: for staff alone, and only while the employer is asked (404)."""
    opened = open_case(ref)
    paper = may_print(opened) and letter(office(), opened.case, opened.facts, opened.today, days(opened))
    if not paper:
        abort(404)
    return printed(render, replace(paper, printed_in=printed_in()), paper.number)
