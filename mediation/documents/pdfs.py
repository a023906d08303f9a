"""A PDF written anew: its pages, and nothing that runs, leads elsewhere, or says who made it."""

import io
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from mediation.documents.sniffing import NotTaken

MOST_PAGES = 200
_DROPPED = (
    "/AA", "/AF", "/Collection", "/EmbeddedFile", "/EmbeddedFiles", "/FileAttachment", "/JS", "/JavaScript",
    "/LastModified", "/Metadata", "/Names", "/OpenAction", "/PieceInfo", "/RichMedia", "/URI", "/XFA",
    "/Author", "/Creator", "/Producer", "/A",
)  # fmt: skip
"""Keys of any dictionary: `/A` is what a click does, `/Names` the scripts and attached files."""


def rewritten(content: bytes) -> bytes:
    """The PDF as others get it.  Raises NotTaken.

    Call this in a process that may die: what a file like this does to a parser is anybody's guess.
    """
    try:
        return _rewritten(content)
    except NotTaken:
        raise
    except Exception:  # a parser of broken files raises whatever it comes upon
        raise NotTaken("pdf_broken") from None


def _rewritten(content: bytes) -> bytes:
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    if reader.encrypted:
        raise NotTaken("pdf_password")
    pages = int(reader.root["/Pages"]["/Count"])
    if not 1 <= pages <= MOST_PAGES:
        raise NotTaken("pdf_too_long" if pages > 1 else "pdf_broken")
    writer: Any = copy_into_new_writer(reader)
    for one in list(writer.objects.values()):
        _bare(one, 0)
    _bare(writer.root, 0)
    # Copied once more: what nothing leads to any longer stays behind.
    return _written(copy_into_new_writer(PdfFileReader(io.BytesIO(_written(writer)))))


def _written(writer: Any) -> bytes:
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def _bare(found: Any, depth: int) -> None:
    """Take what is to be dropped out of an object and what lies in it; references lead to others' turn."""
    if depth > 50:
        raise NotTaken("pdf_broken")
    if isinstance(found, generic.DictionaryObject):
        for key in [key for key in found if key in _DROPPED]:
            del found[key]
        for key in list(found):
            _bare(found.raw_get(key), depth + 1)
        if isinstance(found, generic.StreamObject) and found.get("/Filter") == "/DCTDecode":
            _undress(found)
    elif isinstance(found, generic.ArrayObject):
        for number in range(len(found)):
            _bare(found.raw_get(number), depth + 1)


def _undress(stream: Any) -> None:
    """Take the notes of a camera out of a JPEG in a page: all its segments of notes but the colours'."""
    stream._encoded_data = without_notes(stream.encoded_data)  # the library offers no other way


def without_notes(jpeg: bytes) -> bytes:
    """A JPEG without its comments and application segments, but Adobe's (14), which says its colours."""
    kept, at = bytearray(jpeg[:2]), 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != 0xDA:
        size = 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        marker = jpeg[at + 1]
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker == 0xEE:
            kept += jpeg[at : at + size]
        at += size
    return bytes(kept + jpeg[at:])
