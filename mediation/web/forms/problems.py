"""Problems of a form, each with the sentence of its own field where there is one."""

from collections.abc import Mapping

from mediation.domain.words import vocabulary


def particular(problems: Mapping[str, str]) -> dict[str, str]:
    """Problems by field, as codes; `missing` of a phone is `missing.phone` if the vocabulary has that."""
    known = vocabulary()["problems"]
    owns = {field: f"{code}.{field}" for field, code in problems.items()}
    return {field: owns[field] if owns[field] in known else code for field, code in problems.items()}
