"""The words that pages, papers and notices share, read once from the vocabulary file."""

from collections.abc import Mapping
from functools import cache

import yaml

from mediation.resources import folder

Words = Mapping[str, Mapping[str, Mapping[str, str]]]


@cache
def vocabulary() -> Words:
    """kind → code → language → word."""
    source = (folder("workflows") / "_vocabulary.yaml").read_text("utf-8")
    found: Words = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 - a BaseLoader: text only
    return found


def word(kind: str, code: str | None, language: str = "zh") -> str:
    """The word for `code`; a code that the vocabulary does not list stands for itself."""
    if code is None:
        return ""
    said = vocabulary()[kind].get(code)
    return said[language] if said else code


def problem(said: str, language: str = "zh") -> str:
    """The sentence for what is wrong with a field: a code, and after a colon what it is about."""
    code, _, about = said.partition(":")
    return word("problems", code, language).replace("{}", about)
