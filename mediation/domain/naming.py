"""Names of people and firms as they are typed, at every door alike."""

from typing import Any

from mediation.domain.characters import composed, fits_a_name, told
from mediation.domain.fields import Problem, text


def name(value: Any, most: int) -> str:
    """A name of at most so many characters, in one spelling.

    Raises Problem, which names the character that no name can hold: `not_in_a_name:…`, `hidden:U+200B`.
    """
    found = composed(text(value, most))
    for character in found:
        if not fits_a_name(character):
            said = told(character)
            raise Problem(f"not_in_a_name:{said}" if said == character else f"hidden:{said}")
    return found
