"""The private set of fonts every paper is set in, so that no paper depends on its host.

Importing this module touches nothing; ``prepare`` writes a fontconfig file that names our faces
and no others, and must run before WeasyPrint is first imported.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from fontTools.ttLib import TTFont

BODY: Final = "MediationFang.ttf"
HEADING: Final = "MediationHei.ttf"
TITLE: Final = "MediationSong.ttf"
NAMES: Final = "MediationKai.ttf"
RARE: Final = "MediationRare.ttf"
"""Has 21,000 characters; every style sheet names it last, so that few become a box."""

FACES: Final = (BODY, HEADING, TITLE, NAMES, RARE)

_SHIPPED = (Path(sys.prefix) / "share/mediation/fonts",)
_CURE = "run tools/fonts with this folder as its argument: "


class FontsMissing(RuntimeError):
    """A font or library the papers need is not installed; the text says what to install."""


class Unprintable(ValueError):
    """None of our fonts has these characters; ``characters`` lists them once each."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters: Final = "".join(dict.fromkeys(characters))
        codes = ", ".join(f"{each} U+{ord(each):04X}" for each in self.characters)
        super().__init__(f"no font on this machine has {codes}; add one to MEDIATION_FONTS")


def folders() -> list[Path]:
    """Where fonts are looked for, nearest first; MEDIATION_FONTS comes before all others."""
    added = [Path(each) for each in os.environ.get("MEDIATION_FONTS", "").split(os.pathsep) if each]
    return [*added, *_SHIPPED]


@cache
def faces() -> dict[str, Path]:
    """The file of each face. Raises FontsMissing, naming all that are absent."""
    found = {
        face: next((place / face for place in folders() if (place / face).is_file()), None) for face in FACES
    }
    absent = [face for face, file in found.items() if file is None]
    if absent:
        raise FontsMissing(f"fonts missing: {', '.join(absent)}; {_CURE}{_SHIPPED[0]}")
    return {face: file for face, file in found.items() if file is not None}


@cache
def prepare(home: Path | None = None) -> Path:
    """Point fontconfig at our faces alone and return the file it reads; once per process.

    The file and fontconfig's own cache are kept in ``home`` (default: the user's cache folder).
    """
    text = _configuration(_home(home))
    path = _home(home) / f"fonts-{hashlib.sha256(text.encode()).hexdigest()[:12]}.conf"
    if not path.is_file():
        # Two processes may do this at once; a rename is whole or not at all.
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as part:
            part.write(text)
        Path(part.name).replace(path)
    os.environ["FONTCONFIG_FILE"] = str(path)
    _require_subsetter()
    return path


def missing(text: str) -> str:
    """The characters of a text that no face we have could draw, each once."""
    return "".join(each for each in dict.fromkeys(text) if ord(each) not in _drawable())


@cache
def open_face(face: str) -> TTFont:
    """One of our faces, opened with fontTools for its outlines and kept open."""
    return TTFont(faces()[face], lazy=True)


@cache
def _home(home: Path | None) -> Path:
    if home is None:
        base = os.environ.get("XDG_CACHE_HOME")
        home = (Path(base) if base else Path("~/.cache").expanduser()) / "mediation" / "fonts"
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="mediation-fonts-"))
    return home if os.access(home, os.W_OK) else Path(tempfile.mkdtemp(prefix="mediation-fonts-"))


def _spare() -> list[Path]:
    """Fonts an office added beside ours, used only where ours have no glyph."""
    added = [Path(each) for each in os.environ.get("MEDIATION_FONTS", "").split(os.pathsep) if each]
    kinds = {".otf", ".ttf", ".ttc"}
    found = [file for place in added if place.is_dir() for file in sorted(place.iterdir())]
    return [file for file in found if file.suffix.lower() in kinds and file.name not in FACES]


def _configuration(home: Path) -> str:
    files = [*faces().values(), *_spare()]
    places = "\n".join(f"  <dir>{escape(str(each))}</dir>" for each in _parents(files))
    globs = "\n".join(f"    <glob>{escape(str(each))}</glob>" for each in files)
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"{places}\n  <cachedir>{escape(str(home))}</cachedir>\n"
        f"  <selectfont>\n   <acceptfont>\n{globs}\n   </acceptfont>\n"
        "   <rejectfont><glob>*</glob></rejectfont>\n  </selectfont>\n</fontconfig>\n"
    )


def _parents(files: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys(file.parent for file in files))


@cache
def _drawable() -> frozenset[int]:
    codes: set[int] = {ord("\n")}
    for file in [*faces().values(), *_spare()]:
        with TTFont(file, lazy=True, fontNumber=0) as font:
            codes.update(font.getBestCmap())
    return frozenset(codes)


def _require_subsetter() -> None:
    """Without this library WeasyPrint still works, but ten times slower and only with a warning."""
    from weasyprint.text.ffi import harfbuzz_subset  # noqa: PLC0415  FONTCONFIG_FILE comes first

    if harfbuzz_subset is None:
        raise FontsMissing("libharfbuzz-subset is missing: apt-get install libharfbuzz-subset0")
