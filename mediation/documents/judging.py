"""Judges the signature of a PDF; call it through ``signing.inspect``, which catches everything."""

import io
import re
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from mediation.documents.verdicts import Finding, Verdict

_SHA256 = bytes.fromhex("300d06096086480165030402010500")
"""The algorithm identifier, as both pyHanko's signer and its time stamper write it."""


def judge(pdf: bytes, roots: Sequence[x509.Certificate]) -> Verdict:
    """Judge a file that looks like a PDF. May raise whatever pyHanko raises on broken files."""
    signatures = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    if not signatures:
        return Verdict(Finding.UNSIGNED, "The file carries no signature.")
    context = ValidationContext(trust_roots=list(roots), allow_fetching=False, revocation_mode="soft-fail")
    status = validate_pdf_signature(signatures[0], context)
    finding, reason = _finding(status)
    if finding is Finding.GENUINE and len(signatures) > 1:
        finding, reason = Finding.CHANGED, "A signature was added after the seal."
    if finding is Finding.GENUINE and not _nothing_hidden(pdf, signatures[0]):
        finding, reason = Finding.CHANGED, "The bytes of the signature itself were changed."
    return Verdict(finding, reason, _signer(status), _time(status))


def _finding(status: PdfSignatureStatus) -> tuple[Finding, str]:
    """Intact, valid and trusted all hold for a file with additions: the bottom line decides."""
    stamp = status.timestamp_validity
    if not (status.intact and status.valid):
        return Finding.CHANGED, "The content no longer fits the signature."
    if not status.trusted:
        return Finding.FOREIGN, "The signer is not one this office trusts."
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return Finding.CHANGED, "Something was added after the seal."
    if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted):
        return Finding.CHANGED, "The time stamp is missing or does not fit."
    if not status.bottom_line:
        return Finding.CHANGED, "The signature breaks the rules it was made under."
    return Finding.GENUINE, "The seal is genuine and covers the whole file."


def _signer(status: PdfSignatureStatus) -> str | None:
    name = status.signing_cert.subject.native.get("organization_name")
    return str(name) if name else None


def _time(status: PdfSignatureStatus) -> datetime | None:
    stamp = status.timestamp_validity
    return stamp.timestamp if stamp else status.signer_reported_dt


def _nothing_hidden(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Is the gap that the signature leaves out its own hexadecimal text, padded with zeros?

    The gap is the one place a signature does not cover, so it may hold nothing else; and the few
    fields in it that no signature protects must read as we write them.
    """
    _, end, start, _ = (int(offset) for offset in signature.byte_range)
    gap = pdf[end:start]
    if not re.fullmatch(rb"<(?:[0-9A-F]{2})+>", gap):
        return False
    held = bytes.fromhex(gap[1:-1].decode())
    outer = cms.ContentInfo.load(held)
    inner = outer["content_type"].dump() + outer["content"].dump()
    size = len(outer.dump())
    signed = signature.signed_data
    (token,) = signed["signer_infos"][0]["unsigned_attrs"][0]["values"]
    return (
        outer.contents == inner and not any(held[size:]) and _usual(signed, 1) and _usual(token["content"], 3)
    )


def _usual(signed: cms.SignedData, version: int) -> bool:
    """Are the unprotected fields of a signature what they are in every one of ours?"""
    (signer,) = signed["signer_infos"]
    return bool(
        signed["version"].dump() == bytes((2, 1, version))
        and signed["digest_algorithms"].dump() == b"\x31\x0f" + _SHA256
        and signer["version"].dump() == b"\x02\x01\x01"
        and signer["digest_algorithm"].dump() == _SHA256
    )
