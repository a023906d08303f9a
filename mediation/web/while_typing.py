"""What is said back to somebody while he types.  Nothing is stored, and nothing depends on it.

    GET /apply/read-amount?said=一万八   -> 200 {"fen": 1800000, "said": "18,000.00 元（…）"}
    GET /apply/employers?said=某餐饮      -> 200 {"names": ["某餐饮管理有限公司", …]}, of the office's list

What cannot be read is a 422 with its sentence.  A page shows what comes with 200 and nothing else: he may
not have finished, and what is wrong is said when he goes on.
"""

from flask import Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from mediation.domain.fields import Invalid, Problem, text
from mediation.domain.money import NotAnAmount, capitals, figures
from mediation.domain.spoken import LONGEST, spoken_yuan
from mediation.domain.words import problem, word
from mediation.services import employers
from mediation.services.employers import Employers
from mediation.web import known
from mediation.web.known import Form
from mediation.web.languages import language

SAID = "said"
_FORM = Form(frozenset({SAID, "lang"}))


def read_amount() -> ResponseReturnValue:
    """What the one reader of amounts takes a text for, in figures and capitals."""
    try:
        known.only(request.args, _FORM)
        typed = text(request.args.get(SAID, ""), LONGEST)
        if not typed:
            return jsonify(fen=None, said="")
        fen = spoken_yuan(typed)
    except Invalid as wrong:
        return _refused(wrong.problems)
    except Problem as wrong:
        return _refused({SAID: str(wrong)})
    except NotAnAmount as wrong:
        return _refused({SAID: f"not_an_amount.{wrong.code}"})
    read_as = word("pieces", "read_as", language())
    return jsonify(fen=fen, said=read_as.format(figures(fen), capitals(fen)))


def suggests() -> bool:
    """Whether this office has a list of employers."""
    return bool(_employers().names)


def like() -> ResponseReturnValue:
    """Registered names with what was typed in them; none where there is no list, or one character."""
    try:
        known.only(request.args, _FORM)
        said = text(request.args.get(SAID, ""), employers.LONGEST)
    except Invalid as wrong:
        return _refused(wrong.problems)
    except Problem as wrong:
        return _refused({SAID: str(wrong)})
    return jsonify(names=_employers().like(said))


def _employers() -> Employers:
    found: Employers = current_app.extensions["employers"]
    return found


def _refused(problems: dict[str, str]) -> tuple[Response, int]:
    said = {field: problem(code, language()) for field, code in problems.items()}
    return jsonify(code="invalid", problems=problems, said=said), 422
