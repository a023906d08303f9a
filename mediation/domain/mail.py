"""Mail addresses as people type them, and as they are shown to others."""

import re
import unicodedata

from mediation.domain.fields import Problem, text

LONGEST = 254
"""Characters of an address that any server has to take (RFC 5321, 4.5.3.1)."""
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    r"[A-Za-z0-9_%+-]{1,64}(?:[.][A-Za-z0-9_%+-]{1,63})*@" + rf"(?:{_LABEL}[.])+[A-Za-z]{{2,63}}"
)
"""Plain letters only: nothing that could end a header line or mean a second recipient."""


def mail_address(typed: str) -> str:
    """The address, half-width and with its host in small letters; empty where nothing was typed.

    Raises Problem.
    """
    plain = unicodedata.normalize("NFKC", text(typed, LONGEST)).strip()
    if not plain:
        return ""
    local, _, host = plain.rpartition("@")
    if not _ADDRESS.fullmatch(plain) or len(local) > 64 or len(plain) > LONGEST:
        raise Problem("not_a_mail_address")
    return f"{local}@{host.lower()}"


def veiled(address: str) -> str:
    """An address that only its owner recognises: h****@firm.cn."""
    local, at, host = address.rpartition("@")
    return f"{local[:1]}****{at}{host}"
