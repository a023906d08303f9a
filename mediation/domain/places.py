"""Am I in the right place?  Anonymous questions, and what their answers lead to.

The questions stand in `places.yaml`; `place_rules` reads them.  Nothing here knows a day: a time limit
is told and never turns anybody away (京高法发〔2024〕534号 art. 41).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["help", "elsewhere", "urgent", "ask"]
"""We can help; somebody else can; something comes first; 12351 works it out together with whoever asks."""


@dataclass(frozen=True, slots=True)
class Both:
    """A sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Law:
    """A law by its name and an article of it; the article is empty for a notice that has none."""

    name: Both
    article: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence that rests on a law: a time limit, or what is special about a way of working."""

    said: Both
    laws: tuple[Law, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call, and what for; `visit`: there is a counter to go to, at an address that is configured."""

    code: str
    name: Both
    use: Both
    phone: str
    visit: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer: where it leads, and what is to be told at the end of every way through it.

    `category` is the filing's, empty where the answer says nothing about it.
    """

    said: Both
    to: str
    category: str = ""
    limits: tuple[Rule, ...] = ()
    notes: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One page: a question and its answers by their code."""

    code: str
    said: Both
    hint: Both | None
    choices: Mapping[str, Choice]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a way ends."""

    code: str
    kind: Kind
    said: Both
    why: Both
    laws: tuple[Law, ...]
    steps: tuple[Both, ...]
    contacts: tuple[Contact, ...]
    limits: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """All questions, outcomes and what they share by their code, and the code of the first question."""

    first: str
    questions: Mapping[str, Question]
    outcomes: Mapping[str, Outcome]
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    limits: Mapping[str, Rule] = field(default_factory=dict)
    notes: Mapping[str, Rule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """How far the answers lead: the questions answered so far with the code chosen, and what is next.

    `wrong` says that the next question was answered with something that it does not offer.
    """

    steps: tuple[tuple[Question, str], ...]
    next: Question | Outcome
    wrong: bool = False
    _choices: tuple[Choice, ...] = field(default=(), repr=False)

    @property
    def category(self) -> str:
        """The category to file under, empty if no answer said one."""
        return next((choice.category for choice in self._choices if choice.category), "")

    @property
    def limits(self) -> tuple[Rule, ...]:
        """Which times run: those of the answers, then those of the outcome, each once."""
        told = [rule for choice in self._choices for rule in choice.limits]
        return tuple(dict.fromkeys(told + list(self._outcome.limits if self._outcome else ())))

    @property
    def notes(self) -> tuple[Rule, ...]:
        """What the answers add to the outcome."""
        return tuple(dict.fromkeys(rule for choice in self._choices for rule in choice.notes))

    @property
    def _outcome(self) -> Outcome | None:
        return self.next if isinstance(self.next, Outcome) else None


def follow(places: Places, answers: Mapping[str, str]) -> Way:
    """Go from question to question as far as the answers (question → choice) lead.

    Answers to questions that do not lie on the way are of no account.
    """
    steps: list[tuple[Question, str]] = []
    chosen: list[Choice] = []
    at = places.first
    while question := places.questions.get(at):
        answer = answers.get(question.code)
        choice = None if answer is None else question.choices.get(answer)
        if answer is None or choice is None:
            return Way(tuple(steps), question, wrong=answer is not None, _choices=tuple(chosen))
        steps.append((question, answer))
        chosen.append(choice)
        at = choice.to
    return Way(tuple(steps), places.outcomes[at], _choices=tuple(chosen))
