"""The organisation's round seal as outlines: the same on every screen and printer, with no text."""

from functools import lru_cache
from math import cos, pi, sin
from typing import Final, Protocol, cast

from fontTools.misc.transform import Identity, Transform
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

from mediation.documents import fonts

DIAMETER: Final = 42.0
"""Millimetres, the size in common use for seals of this rank."""

RED: Final = "#c8102e"

_RING = 1.2
_ARC_RADIUS = 15.6
_ARC_SPAN = 232.0
_WIDEST_STEP = 30.0
_GLYPH_HEIGHT = 5.0
_STAR_RADIUS = 6.6
_LINE_HEIGHT = 3.1
_LINE_BASE = 11.6
_LINE_WIDTH = 25.0
_UNITS = 100


class _Glyphs(Protocol):
    """The little of a fontTools glyph set that is used here."""

    def __getitem__(self, name: str) -> "_Glyph": ...


class _Glyph(Protocol):
    def draw(self, pen: object) -> None: ...


@lru_cache(maxsize=32)
def seal(organisation: str, line: str) -> str:
    """Draw a seal of 42 mm: the name along the arc, a star, a level line of text below it.

    Raises fonts.Unprintable if the seal's face lacks a character of either text.
    """
    drawn = _Drawing()
    step = min(_WIDEST_STEP, _ARC_SPAN / max(len(organisation) - 1, 1))
    # Neighbours on the arc must not touch: their width is what the inner edge of the arc allows.
    width = min(_GLYPH_HEIGHT * 0.9, 0.92 * (_ARC_RADIUS - _GLYPH_HEIGHT / 2) * step * pi / 180)
    for place, character in enumerate(organisation):
        angle = (place - (len(organisation) - 1) / 2) * step * pi / 180
        turned = Identity.rotate(angle).translate(0, -_ARC_RADIUS)
        drawn.glyph(character, turned, width, _GLYPH_HEIGHT)
    step_x = min(_LINE_HEIGHT * 1.05, _LINE_WIDTH / max(len(line), 1))
    for place, character in enumerate(line):
        across = (place - (len(line) - 1) / 2) * step_x
        at = Identity.translate(across, _LINE_BASE - _LINE_HEIGHT / 2)
        drawn.glyph(character, at, step_x * 0.92, _LINE_HEIGHT)
    return _svg(f"{_star()}{drawn.path()}")


class _Drawing:
    """Collects glyph outlines, each fitted into a box around a point, as one SVG path."""

    def __init__(self) -> None:
        self._font = fonts.open_face(fonts.TITLE)
        self._names = self._font.getBestCmap()
        self._glyphs = cast(_Glyphs, self._font.getGlyphSet())
        self._pen = SVGPathPen(None, ntos=lambda number: str(round(number)))

    def glyph(self, character: str, at: Transform, width: float, height: float) -> None:
        """Draw one character centred on the origin of ``at``; y grows downwards there."""
        if ord(character) not in self._names:
            raise fonts.Unprintable(character)
        glyph = self._glyphs[self._names[ord(character)]]
        bounds = BoundsPen(None)
        glyph.draw(bounds)
        if bounds.bounds is None:
            return
        em = self._font["head"].unitsPerEm
        left, bottom, right, top = bounds.bounds
        # The full-width body is scaled, not the ink, or 一 would grow as tall as its neighbours.
        fit = at.scale(width / em, -height / em).translate(-(left + right) / 2, -(bottom + top) / 2)
        glyph.draw(TransformPen(self._pen, Identity.scale(_UNITS).transform(fit)))

    def path(self) -> str:
        return self._pen.getCommands()


def _star() -> str:
    """Five points, one upwards, centred a little above the middle as seals have it."""
    inner = _STAR_RADIUS * sin(pi / 10) / sin(7 * pi / 10)
    points = (((_STAR_RADIUS, inner)[place % 2], place * pi / 5 - pi / 2) for place in range(10))
    corners = (
        f"{round(radius * cos(turn) * _UNITS)},{round(radius * sin(turn) * _UNITS)}"
        for radius, turn in points
    )
    return f"M{'L'.join(corners)}Z"


def _svg(path: str) -> str:
    half = round(DIAMETER / 2 * _UNITS)
    ring = round((DIAMETER - _RING) / 2 * _UNITS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{DIAMETER:g}mm" height="{DIAMETER:g}mm" '
        f'viewBox="{-half} {-half} {2 * half} {2 * half}">'
        f'<circle r="{ring}" fill="none" stroke="{RED}" stroke-width="{round(_RING * _UNITS)}"/>'
        f'<path fill="{RED}" d="{path}"/></svg>'
    )
