"""An answer, and the list of kinds, as JSON for other programs."""

from dataclasses import asdict
from typing import Any

from mediation.domain.calculating.asking import REGION, Answer
from mediation.domain.calculating.kinds import FORMULAS, book
from mediation.domain.calculating.rates import Rate, rates
from mediation.domain.calculating.working import number
from mediation.domain.money import capitals, plain

UNITS = {"yuan": "yuan", "number": "count", "year": "year", "day": "YYYY-MM-DD", "dates": "YYYY-MM-DD hours"}
"""The unit of a field by its type; a choice has its codes instead."""


def as_json(answer: Answer) -> dict[str, Any]:
    """Everything an answer says, each sentence in both languages; the amount in fen and in yuan."""
    return {
        "kind": answer.kind.code,
        "region": answer.region,
        "amount_fen": answer.fen,
        "amount": plain(answer.fen),
        "capitals": capitals(answer.fen),
        "law": answer.kind.law,
        "formula": asdict(answer.kind.formula),
        "inputs": {field.name: asdict(said) for field, said in answer.inputs},
        "steps": [asdict(said) for said in answer.steps],
        "rates": [_rate(rate) for rate in answer.rates],
        "assumptions": [asdict(said) for said in answer.assumed],
        "notice": asdict(answer.notice),
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "name": rate.name,
        "said": asdict(rate.said),
        "value": number(rate.value),
        "unit": rate.unit,
        "region": rate.region,
        "from": rate.first.isoformat(),
        "to": rate.last.isoformat() if rate.last else None,
        "source": rate.source,
        "seen": rate.seen,
        "note": asdict(rate.note) if rate.note else None,
    }


def listed() -> dict[str, Any]:
    """Every kind with its fields: type, unit or choices, and whether it is required."""
    kinds = {
        code: {
            "said": asdict(kind.said),
            "fields": {
                name: {
                    "type": field.kind,
                    "unit": UNITS.get(field.kind),
                    "required": field.required,
                    "said": asdict(field.said),
                    "choices": list(field.choices) or None,
                }
                for name, field in kind.fields.items()
            },
        }
        for code, kind in ((code, book().kinds[code]) for code in FORMULAS)
    }
    return {"kinds": kinds, "regions": list(rates().regions), "region": REGION}
