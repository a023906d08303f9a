"""A recording without what stands beside the sound: who made it, where, and with which device."""

from collections.abc import Iterator

from mediation.documents.sniffing import after_tag
from mediation.documents.webm import sound_only

_TAGS = (b"udta", b"meta", b"uuid", b"free", b"skip")
_NESTED = (b"moov", b"trak", b"mdia")
_SOUND = (b"fmt ", b"data", b"fact")


def bare(content: bytes, media: str) -> bytes:
    """The recording as others get it: the same sound, without the tags of its format.

    Ogg and AMR stay as they are: what phones and browsers record in them names no place.  Raises NotTaken.
    """
    if media == "audio/mpeg":
        end = len(content) - 128 if content[-128:-125] == b"TAG" else len(content)
        return content[after_tag(content) : end]
    if media == "audio/wav":
        kept = b"".join(_chunks(content))
        return b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WAVE" + kept
    if media == "audio/webm":
        return sound_only(content)
    if media == "audio/mp4":
        found = bytearray(content)
        _blank(found, 0, len(found))
        return bytes(found)
    return content


def _chunks(content: bytes) -> Iterator[bytes]:
    """The chunks of a WAV that are sound or say how to play it."""
    at = 12
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        whole = content[at : at + 8 + size + size % 2]
        if content[at : at + 4] in _SOUND:
            yield whole
        at += 8 + size + size % 2


def _blank(content: bytearray, start: int, end: int) -> None:
    """Overwrite the boxes of an MP4 that hold tags; nothing moves, for its tables count bytes."""
    at = start
    while at + 8 <= end:
        size, kind, head = int.from_bytes(content[at : at + 4]), bytes(content[at + 4 : at + 8]), 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16]), 16
        size = end - at if size == 0 else size
        if size < head or at + size > end:
            return
        if kind in _TAGS:
            content[at + 4 : at + 8] = b"free"
            content[at + head : at + size] = bytes(size - head)
        elif kind in _NESTED:
            _blank(content, at + head, at + size)
        at += size
