"""Answers for programs: what the pages say, as JSON, where the request asks for it."""

from collections.abc import Mapping

from flask import Response, jsonify, request

from mediation.domain.words import word
from mediation.engine.refusals import Refused, Standing, Unmet


def wanted() -> bool:
    """Whether the request would rather have JSON than a page."""
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def refused(refusal: Refused, where: Standing | None = None) -> Response:
    """Why an act was refused, and where the case stands."""
    said: dict[str, object] = {"code": refusal.code}
    if where is not None:
        said |= {"state": where.state, "version": where.revision}
        said |= {"by_role": where.role, "at": where.at.isoformat()}
    if isinstance(refusal, Unmet):
        said["reasons"] = list(refusal.reasons)
    return jsonify(said)


def invalid(problems: Mapping[str, str]) -> Response:
    """What is to be mended, by the names of the fields: as codes, and as sentences."""
    said = {field: word("problems", code) for field, code in problems.items()}
    return jsonify(code="invalid", problems=dict(problems), said=said)


def plain(code: str) -> Response:
    """A refusal that has nothing to add to its code."""
    return jsonify(code=code)
