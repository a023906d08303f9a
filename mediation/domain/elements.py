"""The elements of a dispute (要素): what is asked for each kind of claim, out of `elements.yaml`.

Nobody has to answer any of them (调解仲裁法 art. 12: basic facts, request, matter and time are enough).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from mediation.domain.problems import Problem

Kind = Literal["day", "amount", "choice"]
SOURCE = Path(__file__).with_name("elements.yaml")
ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Element:
    """One question: its words by language, how it is answered, and the words of its choices."""

    code: str
    kind: Kind
    said: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Elements:
    """All questions by their code, and which are asked under which head."""

    questions: Mapping[str, Element]
    asked: Mapping[str, tuple[str, ...]]

    def of(self, heads: Iterable[str]) -> tuple[Element, ...]:
        """What is asked where these are claimed, each once, in the order of the file."""
        codes = [code for head in (ALWAYS, *heads) for code in self.asked.get(head, ())]
        return tuple(self.questions[code] for code in dict.fromkeys(codes))


@cache
def elements() -> Elements:
    """The questions of this installation.  Raises ValueError for a file with a fault."""
    return read(SOURCE.read_text("utf-8"))


def answers(value: Any, readers: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    """Answers by the code of their question, each read by the reader of its kind or one of its choices.

    Raises Problem.
    """
    questions = elements().questions
    if not isinstance(value, Mapping) or not value or not value.keys() <= questions.keys():
        raise Problem("wrong_shape")
    return {code: answer(questions[code], said, readers) for code, said in value.items()}


def answer(question: Element, said: Any, readers: Mapping[str, Callable[[Any], Any]]) -> Any:
    """The answer to one question.  Raises Problem."""
    if question.kind != "choice":
        return readers[question.kind](said)
    if said not in question.choices:
        raise Problem("not_listed")
    return said


def read(source: str) -> Elements:
    """The questions that `source` says.  Raises ValueError naming what is wrong."""
    said: Any = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 - text only
    try:
        choices = {code: _both(one) for code, one in said["choices"].items()}
        questions = {code: _element(code, one, choices) for code, one in said["questions"].items()}
        asked = {head: tuple(codes) for head, codes in said["asked"].items()}
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError(f"elements: {wrong!r}") from None
    unknown = {code for codes in asked.values() for code in codes} ^ questions.keys()
    if unknown:
        raise ValueError(f"elements asked and not there, or there and never asked: {sorted(unknown)}")
    return Elements(questions, asked)


def _element(code: str, one: Mapping[str, Any], choices: Mapping[str, Mapping[str, str]]) -> Element:
    if one["kind"] not in get_args(Kind) or (one["kind"] == "choice") is not ("choices" in one):
        raise ValueError(f"elements: {code} is of no kind there is")
    return Element(code, one["kind"], _both(one), {each: choices[each] for each in one.get("choices", ())})


def _both(one: Mapping[str, str]) -> Mapping[str, str]:
    return {"zh": one["zh"], "en": one["en"]}
