"""The organisation's certification signature on a finished PDF, and the verdict on any file.

The two halves import pyHanko, which takes half a second, so they are loaded when first used.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from asn1crypto import pem, x509

from mediation.documents.authority import Authority
from mediation.documents.looping import outside_loop
from mediation.documents.verdicts import Finding, Verdict

__all__ = ["SIZE_LIMIT", "Finding", "Verdict", "certify", "inspect"]

SIZE_LIMIT: Final = 50 * 1024 * 1024
"""Larger files are not read: no paper of ours comes near."""

_TRACES = (b"/ByteRange", b"/ETSI.CAdES.detached", b"/DocMDP")
_HEADER_WITHIN = 1024


def certify(pdf: bytes, authority: Authority, *, at: datetime | None, reason: str) -> bytes:
    """Seal a PDF against every later change: PAdES with a time stamp, no changes allowed.

    ``at`` is the time stated in signature and time stamp, None for the clock of this machine.
    """
    from mediation.documents.sealing import seal  # noqa: PLC0415  slow import, see above

    return outside_loop(lambda: seal(pdf, authority, at, reason))


def inspect(pdf: bytes, root_certificates: Sequence[bytes]) -> Verdict:
    """Judge any bytes at all; none make it raise. Roots are PEM or DER certificates.

    Raises ValueError for a root that is no certificate: that is the office's fault, not the file's.
    """
    from mediation.documents.judging import judge  # noqa: PLC0415  slow import, see above

    roots = [_certificate(root) for root in root_certificates]
    if len(pdf) > SIZE_LIMIT:
        return Verdict(Finding.UNREADABLE, "The file is larger than any paper of this office.")
    sealed_once = any(trace in pdf for trace in _TRACES)
    if b"%PDF-" not in pdf[:_HEADER_WITHIN] and not sealed_once:
        return Verdict(Finding.UNREADABLE, "The file is not a PDF.")
    try:
        verdict = outside_loop(lambda: judge(pdf, roots))
    except Exception:
        verdict = Verdict(Finding.UNREADABLE, "The file is damaged and cannot be read as a PDF.")
    if sealed_once and verdict.finding in {Finding.UNSIGNED, Finding.UNREADABLE}:
        return Verdict(Finding.CHANGED, "The file bears traces of a seal that no longer holds.")
    return verdict


def _certificate(root: bytes) -> x509.Certificate:
    try:
        der = pem.unarmor(root)[2] if pem.detect(root) else root
        return x509.Certificate.load(der, strict=True)
    except ValueError as trouble:
        raise ValueError(f"a root certificate cannot be read: {trouble}") from trouble
