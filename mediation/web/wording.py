"""Sentences of the vocabulary that depend on an act or a state and on who reads them, in his language."""

from collections.abc import Mapping
from functools import cache

import yaml

from mediation.domain.words import vocabulary, word
from mediation.engine.workflow import Action, Clock, State
from mediation.resources import folder
from mediation.web.context import office
from mediation.web.languages import language, t


def wording(kind: str, *codes: str) -> str:
    """The sentence for the first of `codes` that the vocabulary lists under `kind`, else nothing."""
    listed = vocabulary()[kind]
    for code in codes:
        if code in listed:
            return listed[code][language()]
    return ""


def worded(kind: str, code: str | None) -> str:
    """The word for a code in the language of the page."""
    return word(kind, code, language())


def label(one: Action | State | Clock) -> str:
    """What a chart calls an act, a state or a clock, in the language of the page."""
    return t(one.label, one.english)


def sentence(said: str) -> str:
    """A sentence or a label of a chart in the language of the page; without a twin it stands as it is."""
    return t(said, twins().get(said) or _labels().get(said, said))


@cache
def twins() -> Mapping[str, str]:
    """Each sentence with which charts refuse workers and employers, in English."""
    source = (folder("workflows") / "_sentences.en.yaml").read_text("utf-8")
    found: Mapping[str, str] = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 - text only
    return found


def _labels() -> Mapping[str, str]:
    """What the charts of this office call their acts and states, in English."""
    found: dict[str, str] = {}
    for engine in office().catalogue:
        found |= {one.label: one.english for one in engine.workflow.states.values()}
        found |= {one.label: one.english for one in engine.workflow.actions.values()}
    return found


def listener(role: str) -> str:
    """How the vocabulary names a reader: a side, or staff."""
    return role if role in ("worker", "employer") else "staff"
