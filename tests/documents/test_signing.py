import asyncio
import io
import random
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader, PdfWriter

from mediation.documents import signing
from mediation.documents.authority import Authority
from mediation.documents.signing import Finding, certify, inspect

SEALED_AT = datetime(2026, 4, 9, 8, 0, tzinfo=UTC)


def flipped(pdf: bytes, place: int, bit: int = 1) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ bit]) + pdf[place + 1 :]


def container(pdf: bytes) -> tuple[int, int]:
    start = pdf.index(b"/Contents <") + len(b"/Contents <")
    return start, pdf.index(b">", start)


def test_a_sealed_paper_is_genuine_and_names_who_sealed_it_and_when(
    plain: bytes, sealed: bytes, authority: Authority
):
    verdict = inspect(sealed, [authority.root])
    assert verdict.finding is Finding.GENUINE
    assert verdict.genuine
    assert verdict.signer == "北京市示范区总工会劳动争议调解中心"
    assert verdict.at == SEALED_AT
    assert sealed.startswith(plain)


def test_a_flipped_byte_anywhere_is_a_change(sealed: bytes, authority: Authority):
    chance = random.Random(9)  # noqa: S311  the same places in every run
    places = [0, 5, len(sealed) - 1, len(sealed) // 2, sealed.rindex(b"startxref") + 12]
    places += [chance.randrange(len(sealed)) for _ in range(100)]
    for place in places:
        verdict = inspect(flipped(sealed, place, 1 << chance.randrange(8)), [authority.root])
        assert verdict.finding is Finding.CHANGED, place


def test_nothing_can_be_changed_or_hidden_in_the_signature_itself(sealed: bytes, authority: Authority):
    start, end = container(sealed)
    for place in range(start, end, 89):
        other = b"1" if sealed[place : place + 1] == b"0" else b"0"
        changed = sealed[:place] + other + sealed[place + 1 :]
        assert inspect(changed, [authority.root]).finding is Finding.CHANGED, place - start
    lower = sealed[:start] + sealed[start:end].lower() + sealed[end:]
    assert inspect(lower, [authority.root]).finding is Finding.CHANGED


def test_the_fields_no_signature_covers_are_watched_too(sealed: bytes, authority: Authority):
    """Version numbers and algorithm lists, which cryptography alone would let pass."""
    start, _ = container(sealed)
    for octet in (2, 25, 27, 28, 35, 42):
        place = start + 2 * octet
        other = b"7" if sealed[place : place + 1] != b"7" else b"6"
        changed = sealed[:place] + other + sealed[place + 1 :]
        assert inspect(changed, [authority.root]).finding is Finding.CHANGED, octet


def test_an_addition_after_the_seal_is_a_change(sealed: bytes, authority: Authority):
    writer = PdfWriter(io.BytesIO(sealed), incremental=True)
    writer.add_blank_page()
    grown = io.BytesIO()
    writer.write(grown)
    assert grown.getvalue().startswith(sealed)
    assert len(PdfReader(grown).pages) == len(PdfReader(io.BytesIO(sealed)).pages) + 1
    assert inspect(grown.getvalue(), [authority.root]).finding is Finding.CHANGED
    for tail in (b"\n", b"\0" * 1000, b"%%EOF\n", sealed):
        assert inspect(sealed + tail, [authority.root]).finding is Finding.CHANGED


def test_a_rewritten_copy_without_the_seal_is_not_genuine(sealed: bytes, authority: Authority):
    copy = io.BytesIO()
    PdfWriter(clone_from=io.BytesIO(sealed)).write(copy)
    assert not inspect(copy.getvalue(), [authority.root]).genuine


def test_the_seal_of_another_authority_is_foreign_even_under_the_same_name(
    plain: bytes, sealed: bytes, authority: Authority, stranger: Authority
):
    forged = certify(plain, stranger, at=SEALED_AT, reason="调解协议书生效")
    assert inspect(forged, [authority.root]).finding is Finding.FOREIGN
    assert inspect(forged, [stranger.root]).finding is Finding.GENUINE
    assert inspect(sealed, []).finding is Finding.FOREIGN
    assert inspect(sealed, [stranger.root, authority.root]).finding is Finding.GENUINE


def test_an_unsigned_paper_is_unsigned(plain: bytes, authority: Authority):
    assert inspect(plain, [authority.root]).finding is Finding.UNSIGNED


def test_any_bytes_at_all_get_a_verdict(plain: bytes, sealed: bytes, authority: Authority):
    chance = random.Random(4)  # noqa: S311  the same bytes in every run
    unreadable = [b"", b"\0", b"%PDF-1.7", b"\0" * 10_000_000, b"PK\x03\x04" + chance.randbytes(5000)]
    unreadable += [b"%PDF-1.7\n" + chance.randbytes(5000), plain[:1000], plain[: len(plain) // 2]]
    unreadable += ["<html>调解</html>".encode(), b"%PDF-1.7\n" + b"[" * 100_000 + b"\nstartxref\n9\n%%EOF"]
    for junk in unreadable:
        assert inspect(junk, [authority.root]).finding is Finding.UNREADABLE, junk[:40]
    for length in range(len(sealed) - 1, 0, -len(sealed) // 40):
        verdict = inspect(sealed[:length], [authority.root])
        assert verdict.finding in {Finding.CHANGED, Finding.UNREADABLE, Finding.UNSIGNED}
        assert verdict.reason.endswith(".")


def test_a_file_beyond_all_size_is_not_even_read(authority: Authority):
    huge = b"%PDF-1.7" + bytes(signing.SIZE_LIMIT)
    assert inspect(huge, [authority.root]).finding is Finding.UNREADABLE


def test_a_root_that_is_no_certificate_is_the_offices_fault_and_raises(sealed: bytes):
    with pytest.raises(ValueError, match="root certificate"):
        inspect(sealed, [b"not a certificate"])


def test_sealing_and_judging_work_inside_a_running_event_loop(plain: bytes, authority: Authority):
    async def both() -> Finding:
        return inspect(certify(plain, authority, at=None, reason="x"), [authority.root]).finding

    assert asyncio.run(both()) is Finding.GENUINE
