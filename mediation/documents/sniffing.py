"""What a file is, by its content alone: neither its name nor what the browser says of it counts."""

import re
from dataclasses import dataclass

from mediation.domain.evidence import MOST_BYTES, too_large

_HEIF = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_SOUND_BRANDS = (b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso5", b"iso6", b"3gp4", b"3gp5")
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!/", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"dex\n")
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_MARKUP = re.compile(rb"<(?:!doctype|html|svg|script|\?xml|body|head|iframe|\?php)", re.IGNORECASE)
_VIDEO = re.compile(rb"hdlr.{8}vide", re.DOTALL)
_AMR = (b"#!AMR\n", b"#!AMR-WB\n")
_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_BITRATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


class NotTaken(ValueError):
    """A file that cannot be taken in; `code` is one of the vocabulary's problems."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is: one of `evidence.KINDS`, and its media type."""

    kind: str
    media: str


def sniff(content: bytes) -> Found:
    """What `content` is.  Raises NotTaken for all that is no photo, PDF or recording."""
    if not content:
        raise NotTaken("file_empty")
    if len(content) > MOST_BYTES:
        raise NotTaken(too_large(len(content)))
    found = _picture(content) or _document(content) or _sound(content)
    if found is None:
        raise NotTaken(_why_not(content))
    return found


def _picture(content: bytes) -> Found | None:
    if content.startswith(b"\xff\xd8\xff"):
        return Found("photo", "image/jpeg")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Found("photo", "image/png")
    if content.startswith((b"GIF87a", b"GIF89a")):
        return Found("photo", "image/gif")
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Found("photo", "image/webp")
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF:
        return Found("photo", "image/heic")
    return None


def _document(content: bytes) -> Found | None:
    """A PDF begins at its first byte: what has something before it is two things at once."""
    return Found("document", "application/pdf") if content.startswith(b"%PDF-") else None


def _sound(content: bytes) -> Found | None:
    media = ""
    if content.startswith(_AMR):
        media = "audio/amr"
    elif content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        media = "audio/wav"
    elif content.startswith(b"OggS"):
        media = "audio/ogg"
    elif content.startswith(b"\x1aE\xdf\xa3") and b"webm" in content[:64]:
        media = "audio/webm"
    elif content[4:8] == b"ftyp" and content[8:12] in _SOUND_BRANDS and not _VIDEO.search(content):
        media = "audio/mp4"
    elif _mp3(content):
        media = "audio/mpeg"
    return Found("recording", media) if media else None


def after_tag(content: bytes) -> int:
    """Where the sound of an MP3 begins: behind the tag that may stand before it."""
    if not content.startswith(b"ID3") or len(content) < 10:
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _mp3(content: bytes) -> bool:
    """Two frames, one right behind the other: two bytes alone are found in anything."""
    start = after_tag(content)
    first = _frame(content, start)
    return bool(first and _frame(content, start + first))


def _frame(content: bytes, at: int) -> int:
    """The length in bytes of the MPEG layer III frame at `at`; 0 if there is none."""
    head = content[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, bits, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    kilobits = (_BITRATES if version == 3 else _BITRATES_2)[bits]
    if version not in _RATES or not kilobits or rate == 3:
        return 0
    samples = 144 if version == 3 else 72
    return samples * kilobits * 1000 // _RATES[version][rate] + (head[2] >> 1 & 1)


def _why_not(content: bytes) -> str:
    if content.startswith(_PROGRAMS):
        return "file_program"
    if content.startswith(_ARCHIVES):
        return "file_archive"
    if content[4:8] == b"ftyp" or _VIDEO.search(content[:65536]):
        return "file_video"
    if _MARKUP.search(content[:4096]):
        return "file_web_page"
    return "file_not_accepted"
