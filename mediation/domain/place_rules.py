"""Read `places.yaml` into a value, or name every fault in it at once, each with its line."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path as File
from typing import Any, TypeVar, get_args

from mediation.domain.filing import CATEGORIES
from mediation.domain.places import Both, Choice, Contact, Kind, Law, Outcome, Places, Question, Rule
from mediation.engine.loading import Reading
from mediation.engine.marking import Marks, Path, load

SOURCE = File(__file__).with_name("places.yaml")
PARTS = ("laws", "contacts", "limits", "notes", "questions", "outcomes")
FILLED = frozenset({"office", "phone", "address", "commission"})
"""What a sentence may leave open for the installation to fill in."""
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_QUESTIONS = 6
UNSURE = "unsure"
"""The answer that every question offers: nobody has to know.  Whoever gives it is told to call `OFFICE`."""
OFFICE = "office"

Made = TypeVar("Made")


class PlacesError(ValueError):
    """The rules have faults: one line for each, `file:line: where: what`."""


@cache
def places() -> Places:
    """The rules of this installation.  Raises PlacesError."""
    return read(SOURCE.read_bytes(), SOURCE.name)


def read(source: bytes, file: str) -> Places:
    """The rules that `source` says.  Raises PlacesError with every fault found."""
    try:
        said, marks = load(source, file)
    except ValueError as fault:
        raise PlacesError(str(fault)) from None
    book = _Book(said)
    found = book.places()
    if not book.faults:
        _lead_somewhere(book, found)
        book.unused()
    if book.faults:
        raise PlacesError("\n".join(_told(marks, fault.path, fault.what) for fault in book.faults))
    return found


def _told(marks: Marks, path: Path, what: str) -> str:
    return f"{marks.file}:{marks.line(path)}: {'.'.join(path) or 'top'}: {what}"


class _Book(Reading):
    """The file being read: its tables, its faults, and which of its shared rows something has named."""

    def __init__(self, said: object) -> None:
        super().__init__()
        self.top = self.table(said, (), {"first", *PARTS})
        self.tables = {part: self.named(self.top, part) for part in PARTS}
        self.used: set[Path] = set()
        self.laws = {name: self.both(row, ("laws", name)) for name, row in self.each("laws", {"zh", "en"})}
        self.rules: dict[Path, Rule] = {
            (part, name): Rule(self.both(row, (part, name)), self.law(row, (part, name)))
            for part in ("limits", "notes")
            for name, row in self.each(part, {"zh", "en", "law"})
        }
        self.contacts: dict[Path, Contact] = {
            ("contacts", name): self.contact(row, ("contacts", name))
            for name, row in self.each("contacts", {"zh", "en", "use", "phone", "visit"})
        }

    def each(self, part: str, allowed: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, row in self.tables[part].items():
            yield name, self.table(row, (part, name), allowed)

    def places(self) -> Places:
        questions = {
            name: self.question(name, row)
            for name, row in self.each("questions", {"zh", "en", "hint", "answers"})
        }
        keys = {"zh", "en", "kind", "law", "why", "steps", "contacts", "limits"}
        outcomes = {name: self.outcome(name, row) for name, row in self.each("outcomes", keys)}
        for name in sorted(questions.keys() & outcomes.keys()):
            self.fault(("outcomes", name), f"a question is called {name!r} too")
        contacts = {path[-1]: row for path, row in self.contacts.items()}
        limits, notes = (
            {path[-1]: row for path, row in self.rules.items() if path[0] == part}
            for part in ("limits", "notes")
        )
        return Places(self.text(self.top, "first", ()), questions, outcomes, contacts, limits, notes)

    def both(self, table: Mapping[str, Any], path: Path) -> Both:
        found = Both(self.text(table, "zh", path), self.english(table, path))
        for said in (found.zh, found.en):
            for name in re.findall(r"\{(.*?)\}", said):
                if name not in FILLED:
                    self.fault(path, f"nothing fills in {{{name}}}")
        return found

    def law(self, table: Mapping[str, Any], path: Path) -> tuple[Law, ...]:
        words = self.words(table, "law", path)
        if not words:
            self.fault((*path, "law"), "law is missing: every rule rests on an article")
        found = []
        for word in words:
            name, _, article = word.partition(" ")
            self.used.add(("laws", name))
            if name in self.laws:
                found.append(Law(self.laws[name], article))
            else:
                self.fault((*path, "law"), f"no such law: {name!r}")
        return tuple(found)

    def contact(self, row: Mapping[str, Any], path: Path) -> Contact:
        use = self.both(self.table(row.get("use"), (*path, "use"), {"zh", "en"}), (*path, "use"))
        phone = self.text(row, "phone", path)
        if not re.fullmatch(r"[0-9]{3,12}|\{phone\}", phone):
            self.fault((*path, "phone"), f"{phone!r} is no phone number")
        visit = row.get("visit")
        if visit not in (None, "yes"):
            self.fault((*path, "visit"), "visit must be yes, or left out")
        return Contact(path[-1], self.both(row, path), use, phone, visit=visit is not None)

    def shared(
        self, table: Mapping[str, Any], part: str, path: Path, rows: Mapping[Path, Made]
    ) -> tuple[Made, ...]:
        """The rows of `limits`, `notes` or `contacts` that something names."""
        names = self.words(table, part, path)
        for name in names:
            self.used.add((part, name))
            if (part, name) not in rows:
                self.fault((*path, part), f"{part} has no {name!r}")
        return tuple(rows[part, name] for name in names if (part, name) in rows)

    def question(self, name: str, row: Mapping[str, Any]) -> Question:
        path = ("questions", name)
        hint = row.get("hint")
        at = (*path, "hint")
        return Question(
            code=name,
            said=self.both(row, path),
            hint=None if hint is None else self.both(self.table(hint, at, {"zh", "en"}), at),
            choices={
                code: self.choice(given, (*path, "answers", code))
                for code, given in self.table(row.get("answers"), (*path, "answers")).items()
            },
        )

    def choice(self, given: object, path: Path) -> Choice:
        self.name(path[-1], path)
        row = self.table(given, path, {"zh", "en", "to", "category", "limits", "notes"})
        category = row.get("category", "")
        if category and category not in CATEGORIES:
            self.fault((*path, "category"), f"no category of a filing: {category!r}")
        return Choice(
            said=self.both(row, path),
            to=self.text(row, "to", path),
            category=category,
            limits=self.shared(row, "limits", path, self.rules),
            notes=self.shared(row, "notes", path, self.rules),
        )

    def outcome(self, name: str, row: Mapping[str, Any]) -> Outcome:
        path = ("outcomes", name)
        kind = next((one for one in KINDS if one == row.get("kind")), None)
        if kind is None:
            self.fault((*path, "kind"), f"kind must be one of {', '.join(KINDS)}")
        given = row.get("steps")
        steps = given if isinstance(given, list) else []
        if not steps:
            self.fault((*path, "steps"), "steps are missing: nobody is left with nothing to do")
        contacts = self.shared(row, "contacts", path, self.contacts)
        if not contacts:
            self.fault((*path, "contacts"), "contacts are missing: there is always somebody to call")
        at = (*path, "steps")
        return Outcome(
            code=name,
            kind=kind or "ask",
            said=self.both(row, path),
            why=self.both(self.table(row.get("why"), (*path, "why"), {"zh", "en"}), (*path, "why")),
            laws=self.law(row, path),
            steps=tuple(self.both(self.table(step, at, {"zh", "en"}), at) for step in steps),
            contacts=contacts,
            limits=self.shared(row, "limits", path, self.rules),
        )

    def unused(self) -> None:
        """What no question and no outcome names is an oversight."""
        for part in ("laws", "contacts", "limits", "notes"):
            for name in self.tables[part]:
                if (part, name) not in self.used:
                    self.fault((part, name), "nothing names it")


def _lead_somewhere(book: _Book, found: Places) -> None:
    """Every answer leads on, no way comes back or is longer than may be asked, and nothing lies aside."""
    reached: set[str] = set()
    if found.first not in found.questions:
        book.fault(("first",), f"no such question: {found.first!r}")
        return
    _walk(book, found, (found.first,), reached)
    for part, names in (("questions", found.questions), ("outcomes", found.outcomes)):
        for name in names:
            if name not in reached:
                book.fault((part, name), "no answer leads here")
    for name, question in found.questions.items():
        unsure = question.choices.get(UNSURE)
        if unsure is None:
            book.fault(("questions", name), f"there is no answer {UNSURE!r}")
        elif unsure.to not in found.outcomes or not _may_call(book, found.outcomes[unsure.to]):
            book.fault(("questions", name, "answers", UNSURE), f"must lead to an outcome with {OFFICE!r}")


def _walk(book: _Book, found: Places, way: tuple[str, ...], reached: set[str]) -> None:
    reached.add(way[-1])
    for code, choice in found.questions[way[-1]].choices.items():
        path = ("questions", way[-1], "answers", code)
        if choice.to in found.outcomes:
            reached.add(choice.to)
        elif choice.to not in found.questions:
            book.fault(path, f"leads nowhere: {choice.to!r}")
        elif choice.to in way:
            book.fault(path, f"leads back to {choice.to!r}")
        elif len(way) == MOST_QUESTIONS:
            book.fault(path, f"asks a question after the {MOST_QUESTIONS}th")
        else:
            _walk(book, found, (*way, choice.to), reached)


def _may_call(book: _Book, outcome: Outcome) -> bool:
    return book.contacts.get(("contacts", OFFICE)) in outcome.contacts
