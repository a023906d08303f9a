"""Sentences of the vocabulary that depend on an act or a state and on who reads them."""

from mediation.domain.words import vocabulary


def wording(kind: str, *codes: str, language: str = "zh") -> str:
    """The sentence for the first of `codes` that the vocabulary lists under `kind`, else nothing."""
    listed = vocabulary()[kind]
    for code in codes:
        if code in listed:
            return listed[code][language]
    return ""


def listener(role: str) -> str:
    """How the vocabulary names a reader: a side, or staff."""
    return role if role in ("worker", "employer") else "staff"
