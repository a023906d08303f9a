"""Numbers as people type them: of a case, of a telephone."""

import re
import unicodedata

from mediation.domain.fields import Problem, text

_CASE = re.compile(r"[^0-9]{0,20}(20[0-9]{2})[^0-9]{0,3}([0-9]{1,9})[^0-9]{0,3}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_TELEPHONE = re.compile(r"0?[0-9]{5,12}")
_BETWEEN = re.compile(r"[\s\-()]")


def case_number(typed: str) -> tuple[int, int]:
    """Year and serial of 2026-128, ２０２６－０００１２８ or 东工调〔2026〕000128号.  Raises Problem."""
    plain = _plain(typed)
    found = _CASE.fullmatch(plain)
    if not plain:
        raise Problem("missing")
    if found is None:
        raise Problem("not_a_case_number")
    return int(found[1]), int(found[2])


def mobile(typed: str) -> str:
    """The eleven digits of a mobile number, however they are grouped.  Raises Problem."""
    digits = _BETWEEN.sub("", _plain(typed)).removeprefix("+86")
    if not digits:
        raise Problem("missing")
    if not _MOBILE.fullmatch(digits):
        raise Problem("not_a_phone")
    return digits


def telephone(typed: str) -> str:
    """The digits of any telephone, or nothing where nothing was typed.  Raises Problem."""
    digits = _BETWEEN.sub("", _plain(typed)).removeprefix("+86")
    if digits and not _TELEPHONE.fullmatch(digits):
        raise Problem("not_a_contact_phone")
    return digits


def _plain(typed: str) -> str:
    """Half-width, without spaces around it; too much text is refused before anything is done with it."""
    return unicodedata.normalize("NFKC", text(typed, 60)).strip()
