"""The organisation's round seal as outlines: the same on every screen and printer, with no text.

All is drawn around the seal's middle, y growing downwards, in fiftieths of a millimetre: finer than what
any printer shows.
"""

from collections.abc import Iterator
from functools import lru_cache
from math import cos, pi, sin
from typing import Any, Final

from fontTools.misc.transform import Identity, Transform
from fontTools.pens.basePen import BasePen
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

from mediation.documents import fonts

DIAMETER: Final = 42
"""Millimetres, the size in common use for seals of this rank."""

RED: Final = (0xC8, 0x10, 0x2E)

_MM = 50
_RING = 1.2 * _MM
_ARC_RADIUS = 15.9 * _MM
_ARC_SPAN = 236.0
_WIDEST_STEP = 30.0
_ARC_GLYPH = 5.4 * _MM
_STAR_RADIUS = 6.6 * _MM
_LINE_GLYPH = 3.0 * _MM
_LINE_MIDDLE = 10.4 * _MM
_LINE_WIDTH = 25.0 * _MM


def seal(organisation: str, line: str) -> str:
    """The seal as SVG: the name along the arc, a star, a level line of text below it.

    Raises fonts.Unprintable if no face has a character of either text.
    """
    pen = SVGPathPen(None, ntos=_whole)
    _outlines(organisation, line).replay(pen)
    edge = DIAMETER * _MM // 2
    red = "#{:02x}{:02x}{:02x}".format(*RED)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{DIAMETER}mm" height="{DIAMETER}mm" '
        f'viewBox="{-edge} {-edge} {2 * edge} {2 * edge}">'
        f'<circle r="{_whole(edge - _RING / 2)}" fill="none" stroke="{red}" '
        f'stroke-width="{_whole(_RING)}"/><path fill="{red}" d="{pen.getCommands()}"/></svg>'
    )


@lru_cache(maxsize=32)
def ink(organisation: str, line: str) -> bytes:
    """The seal as PDF drawing operators in points, the middle at the origin and y upwards.

    WeasyPrint takes 40 ms to read the SVG; these are ready to be put on a page.
    """
    pen = _OperatorPen()
    _outlines(organisation, line).replay(pen)
    scale = 72 / 25.4 / _MM
    red = " ".join(f"{part / 255:.3f}" for part in RED)
    ring = _OperatorPen()
    _circle(ring, DIAMETER * _MM / 2 - _RING / 2)
    return "\n".join(
        [
            f"{scale:.6f} 0 0 {-scale:.6f} 0 0 cm {red} rg {red} RG {_whole(_RING)} w",
            *ring.operators,
            "S",
            *pen.operators,
            "f",
        ]
    ).encode()


class _OperatorPen(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Writes outlines as PDF path operators."""

    def __init__(self) -> None:
        super().__init__(None)
        self.operators: Final[list[str]] = []

    def _add(self, operator: str, *points: tuple[float, float]) -> None:
        numbers = " ".join(f"{_whole(x)} {_whole(y)}" for x, y in points)
        self.operators.append(f"{numbers} {operator}")

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802  fontTools' name
        self._add("m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802  fontTools' name
        self._add("l", pt)

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:  # noqa: N802  fontTools' name
        self._add("c", pt1, pt2, pt3)

    def _closePath(self) -> None:  # noqa: N802  fontTools' name
        self.operators.append("h")


def _outlines(organisation: str, line: str) -> RecordingPen:
    """Star and letters, each letter fitted into its box, as one path to fill."""
    pen = RecordingPen()
    _star(pen)
    step = min(_WIDEST_STEP, _ARC_SPAN / max(len(organisation) - 1, 1)) * pi / 180
    # Neighbours on the arc must not touch: the inner edge of the arc bounds their width.
    width = min(_ARC_GLYPH * 0.85, 0.96 * (_ARC_RADIUS - _ARC_GLYPH / 2) * step)
    for place, character in _centred(organisation):
        at = Identity.rotate(place * step).translate(0, -_ARC_RADIUS)
        _letter(pen, character, at, width, _ARC_GLYPH)
    step = min(_LINE_GLYPH, _LINE_WIDTH / max(len(line), 1))
    for place, character in _centred(line):
        _letter(pen, character, Identity.translate(place * step, _LINE_MIDDLE), step, _LINE_GLYPH)
    return pen


def _centred(text: str) -> Iterator[tuple[float, str]]:
    """Characters with their places to both sides of the middle: -1, 0, 1 for three."""
    for place, character in enumerate(text):
        yield place - (len(text) - 1) / 2, character


def _letter(pen: Any, character: str, at: Transform, width: float, height: float) -> None:
    """Draw one character, centred on the origin of ``at``, its whole em as wide and high as said.

    The em is scaled and not the ink, or 一 would grow as tall as its neighbours.
    """
    font = _face(character)
    glyph = font.getGlyphSet()[font.getBestCmap()[ord(character)]]
    bounds = BoundsPen(None)
    glyph.draw(bounds)
    if bounds.bounds is None:
        return
    left, bottom, right, top = bounds.bounds
    em = font["head"].unitsPerEm
    fit = at.scale(width / em, -height / em).translate(-(left + right) / 2, -(bottom + top) / 2)
    glyph.draw(TransformPen(pen, fit))


def _face(character: str) -> Any:  # fontTools has no types
    for face in (fonts.TITLE, fonts.RARE):
        font = fonts.open_face(face)
        if ord(character) in font.getBestCmap():
            return font
    raise fonts.Unprintable(character)


def _star(pen: Any) -> None:
    """Five points, one upwards."""
    inner = _STAR_RADIUS * sin(pi / 10) / sin(7 * pi / 10)
    for place in range(10):
        radius, turn = (_STAR_RADIUS, inner)[place % 2], place * pi / 5 - pi / 2
        (pen.lineTo if place else pen.moveTo)((radius * cos(turn), radius * sin(turn)))
    pen.closePath()


def _circle(pen: Any, radius: float) -> None:
    """Four curves; 0.5523 makes each as round as a cubic can be."""
    pull = 0.5523 * radius
    pen.moveTo((radius, 0))
    pen.curveTo((radius, pull), (pull, radius), (0, radius))
    pen.curveTo((-pull, radius), (-radius, pull), (-radius, 0))
    pen.curveTo((-radius, -pull), (-pull, -radius), (0, -radius))
    pen.curveTo((pull, -radius), (radius, -pull), (radius, 0))
    pen.closePath()


def _whole(number: float) -> str:
    return str(round(number))
