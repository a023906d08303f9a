"""A recording as browsers make it, WebM with Opus, written anew with nothing but the sound.

Matroska (RFC 9559) is boxes in boxes (EBML, RFC 8794): a number for what, a length, the content.  Only what
stands in KEPT is taken over; what is not there, or does not fit its box, is no recording that we know.
"""

from collections.abc import Iterator, Mapping

from mediation.documents.sniffing import NotTaken

EBML, DOC_TYPE, SEGMENT = 0x1A45DFA3, 0x4282, 0x18538067
INFO, TRACKS, CLUSTER = 0x1549A966, 0x1654AE6B, 0x1F43B675
TRACK, TRACK_TYPE, CODEC, CODEC_HEAD = 0xAE, 0x83, 0x86, 0x63A2
UID, SOUND, GROUP = 0x73C5, 0xE1, 0xA0
TOP = frozenset({INFO, TRACKS, CLUSTER, 0x114D9B74, 0x1C53BB6B, 0x1941A469, 0x1043A770, 0x1254C367})
"""What stands in a segment and in nothing else: where one begins, a cluster without a length ends."""
KEPT: Mapping[int, frozenset[int]] = {
    SEGMENT: frozenset({INFO, TRACKS, CLUSTER}),
    INFO: frozenset({0x2AD7B1, 0x4489}),  # unit of time, duration
    TRACKS: frozenset({TRACK}),
    # number, type, codec, its head, its delays, default duration
    TRACK: frozenset({0xD7, TRACK_TYPE, CODEC, CODEC_HEAD, 0x56AA, 0x56BB, 0x23E383, SOUND}),
    SOUND: frozenset({0xB5, 0x78B5, 0x9F, 0x6264}),  # rates, channels, depth
    CLUSTER: frozenset({0xE7, 0xA3, GROUP}),  # time, blocks
    GROUP: frozenset({0xA1, 0x9B, 0x75A2}),  # block, duration, what is cut off at its end
}
KEPT_WHOLE: Mapping[int, int] = {
    kind: 8 for names in KEPT.values() for kind in names if kind not in {*KEPT, 0xA3, 0xA1}
} | {CODEC: 32, CODEC_HEAD: 19 + 2 + 255}
"""How many bytes a number may have, and the head of Opus: what is longer was put there for something else."""
HEAD = (  # version 4 of the format, read by whoever knows version 2
    (DOC_TYPE, b"webm"), (0x4287, b"\4"), (0x4285, b"\2"),
    (0x4286, b"\1"), (0x42F7, b"\1"), (0x42F2, b"\4"), (0x42F3, b"\x08"),
)  # fmt: skip
MADE_BY = ((0x4D80, b"-"), (0x5741, b"-"))
"""A reader wants to know by which program: by none that says something of its owner."""
MOST_BOXES = 2_000_000
"""Each is looked at five times at most: twenty megabytes of speech have a tenth of it."""
PICTURES, VOICE = b"\1", b"\2"

Box = tuple[int, int, int]
"""What it is, and where its content begins and ends."""


def sound_only(content: bytes) -> bytes:
    """The same sound in a file of ours.  Raises NotTaken."""
    return _Reading(content).written()


class _Reading:
    """One file that is being read; it counts its boxes."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._boxes = 0

    def written(self) -> bytes:
        """The file anew.  Raises NotTaken."""
        boxes = self._in(0, len(self._content))
        kind, start, end = next(boxes, (0, 0, 0))
        about = {name: self._content[at:upto] for name, at, upto in self._in(start, end)}
        if kind != EBML or about.get(DOC_TYPE, b"").rstrip(b"\0") != b"webm":
            raise NotTaken("file_broken")
        kind, start, end = next(boxes, (0, 0, 0))
        if kind != SEGMENT:
            raise NotTaken("file_broken")
        self._one_voice(start, end)
        head = box(EBML, b"".join(box(*one) for one in HEAD))
        return head + box(SEGMENT, b"".join(self._kept(SEGMENT, start, end)))

    def _one_voice(self, start: int, end: int) -> None:
        """That there is one track, and it is Opus; a film is refused for what it is.  Raises NotTaken."""
        inside = list(self._in(start, end))
        tracks = [
            dict(self._leaves(at, upto))
            for kind, first, last in inside
            if kind == TRACKS
            for name, at, upto in self._in(first, last)
            if name == TRACK
        ]
        if any(one.get(TRACK_TYPE) == PICTURES for one in tracks):
            raise NotTaken("file_video")
        if len(tracks) != 1 or not any(kind == CLUSTER for kind, _, _ in inside):
            raise NotTaken("file_broken")
        codec, head = tracks[0].get(CODEC, b"").rstrip(b"\0"), tracks[0].get(CODEC_HEAD, b"")
        if tracks[0].get(TRACK_TYPE) != VOICE or codec != b"A_OPUS":
            raise NotTaken("file_not_accepted")
        if not head.startswith(b"OpusHead"):
            raise NotTaken("file_broken")

    def _leaves(self, start: int, end: int) -> Iterator[tuple[int, bytes]]:
        for kind, at, upto in self._in(start, end):
            yield kind, self._content[at:upto]

    def _kept(self, parent: int, start: int, end: int) -> Iterator[bytes]:
        """What of the boxes in this one goes into our file."""
        for kind, at, upto in self._in(start, end):
            if kind not in KEPT[parent]:
                continue
            inside = b"".join(self._kept(kind, at, upto)) if kind in KEPT else self._content[at:upto]
            if kind == TRACK:
                inside += box(UID, b"\1")
            if kind == INFO:
                inside += b"".join(box(*one) for one in MADE_BY)
            yield box(kind, inside)

    def _in(self, start: int, end: int) -> Iterator[Box]:
        """The boxes between two places.  Raises NotTaken where one does not fit."""
        while start < end:
            self._boxes += 1
            if self._boxes > MOST_BOXES:
                raise NotTaken("file_broken")
            kind, at, _ = self._number(start, end, 4)
            size, at, rest = self._number(at, end, 8)
            # All ones: begun before its length was known, as a recorder does.
            upto = self._end_of(kind, at, end) if size & rest == rest else at + (size & rest)
            if upto > end or (kind in KEPT_WHOLE and upto - at > KEPT_WHOLE[kind]):
                raise NotTaken("file_broken")
            yield kind, at, upto
            start = upto

    def _end_of(self, kind: int, start: int, end: int) -> int:
        """Where a box ends that was begun before its length was known.  Raises NotTaken."""
        if kind == SEGMENT:
            return end
        if kind != CLUSTER:
            raise NotTaken("file_broken")
        at = start
        while at < end and self._number(at, end, 4)[0] not in TOP:
            _, _, at = next(self._in(at, end))
        return at

    def _number(self, at: int, end: int, most: int) -> tuple[int, int, int]:
        """A number of at most so many bytes, where it ends, and the bits that are not its length."""
        long = 9 - self._content[at].bit_length() if at < end else 9
        if long > most or at + long > end:
            raise NotTaken("file_broken")
        return int.from_bytes(self._content[at : at + long]), at + long, (1 << 7 * long) - 1


def box(kind: int, content: bytes) -> bytes:
    """One box as it stands in a file, its length in eight bytes."""
    name = kind.to_bytes((kind.bit_length() + 7) // 8)
    return name + (1 << 56 | len(content)).to_bytes(8) + content
