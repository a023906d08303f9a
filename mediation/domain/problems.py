"""What is wrong with something that was typed or sent."""


class Invalid(ValueError):
    """Fields that cannot be read; `problems` maps a field to the code of what is wrong with it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in problems.items()))
        self.problems = problems


class Problem(ValueError):
    """What is wrong with one value: a code of `problems` in the vocabulary, and after a colon what it is
    about, where its sentence has a place for that."""
