"""The press: a template of templates/documents and its values become one PDF/A file.

Nothing is read but the template folder: no clock, no network, no other file. The same values give
the same bytes. WeasyPrint is imported at the first paper, after the fonts are set, so
that a process that prints nothing pays nothing.
"""

import warnings
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from mediation.documents import boxes, fonts, wording
from mediation.documents.speaking import PAPER, READING_COPY, speech
from mediation.domain import money
from mediation.resources import folder

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

_SHARED = "paper.css"
"""What every paper shares; the style sheet of each comes after it."""
_COPY = "english.css"
"""What a reading copy changes in both."""
_LEVEL = 6
_POINTS = 0.75  # in a CSS pixel


class Refused(PermissionError):
    """A paper asked for something outside itself."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """PDF operators to be drawn under the text, centred on the element with this id."""

    anchor: str
    operators: bytes


def write(
    page: str,
    style: str,
    values: Mapping[str, object],
    drawings: Sequence[Drawing] = (),
    printed_in: str = PAPER,
) -> bytes:
    """Print a template with its style sheet, and drawings where its elements say.

    `printed_in` says whether it is the paper or its reading copy.

    A character that no font has never keeps anybody from his paper: a box is printed for it, and the
    template is told its number.

    Raises fonts.FontsMissing, or jinja2.UndefinedError for a forgotten value.
    """
    html, absent = boxes.boxed(fill(page, values, printed_in))
    if absent:
        html, _ = boxes.boxed(fill(page, {**values, "boxes": absent}, printed_in))
    configuration, sheet = _setting(style, printed_in)
    from weasyprint import HTML  # noqa: PLC0415  after FONTCONFIG_FILE is set

    def draw(document: Any, pdf: Any) -> None:
        for drawing in drawings:
            _draw(document, pdf, drawing)
        _pack(pdf)

    page_set = HTML(string=html, url_fetcher=_refusing())
    with warnings.catch_warnings():
        # WeasyPrint leaves its colour profile's file for the garbage collector to close.
        warnings.simplefilter("ignore", ResourceWarning)
        return bytes(
            page_set.write_pdf(
                stylesheets=[sheet], font_config=configuration, pdf_variant="pdf/a-3a", finisher=draw
            )
        )


def fill(page: str, values: Mapping[str, object], printed_in: str = PAPER) -> str:
    """Fill in a template of templates/documents: the paper as HTML."""
    return _templates(printed_in).get_template(page).render({"boxes": (), **values})


def _draw(document: Any, pdf: Any, drawing: Drawing) -> None:
    """Put a drawing before the text of its page, as a real seal's ink lets black show through."""
    import pydyf  # type: ignore[import-untyped]  # noqa: PLC0415  comes with WeasyPrint

    for page, reference in zip(document.pages, pdf.page_references, strict=True):
        if drawing.anchor in page.anchors:
            left, top, right, bottom = page.anchors[drawing.anchor]
            x, y = (left + right) / 2 * _POINTS, (page.height - (top + bottom) / 2) * _POINTS
            place = f"/Artifact BMC q 1 0 0 1 {x:.3f} {y:.3f} cm"
            packed = pydyf.Stream([_packed(drawing.operators)], {"Filter": "/FlateDecode"})
            streams = [pydyf.Stream([place]), packed, pydyf.Stream(["Q EMC"])]
            for stream in streams:
                pdf.add_object(stream)
            entry = pdf.objects[int(reference.split()[0])]
            before = entry["Contents"]
            rest = before if isinstance(before, pydyf.Array) else [before]
            entry["Contents"] = pydyf.Array([*(stream.reference for stream in streams), *rest])
            return
    raise LookupError(f"the paper has no element {drawing.anchor}")


@lru_cache(maxsize=8)
def _packed(operators: bytes) -> bytes:
    """An organisation's seal is the same on every paper; it need be compressed only once."""
    return zlib.compress(operators, _LEVEL)


def _pack(pdf: Any) -> None:
    """Compress at the usual level: the highest, WeasyPrint's own, costs a tenth of the time."""
    import pydyf  # noqa: PLC0415  comes with WeasyPrint

    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and stream.compress:
            stream.compress = False
            _, _, rest = stream.data.partition(b"stream\n")
            stream.stream = [zlib.compress(rest.removesuffix(b"\nendstream"), _LEVEL)]
            stream.extra["Filter"] = "/FlateDecode"


@cache
def _templates(printed_in: str) -> Environment:
    said = speech(printed_in)
    made = Environment(
        loader=FileSystemLoader(str(folder("templates") / "documents")),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "capitals": money.capitals,
        "chinese": wording.chinese,
        "figures": money.figures,
        "moment": wording.moment,
        **said.filters,
    }
    made.globals |= said.globals
    return made


@cache
def _setting(style: str, printed_in: str) -> "tuple[FontConfiguration, CSS]":
    """One font configuration a process, and the parsed style sheet with it."""
    fonts.prepare()
    from weasyprint import CSS  # noqa: PLC0415  after FONTCONFIG_FILE is set
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415  the same

    configuration = FontConfiguration()
    papers = folder("templates") / "documents"
    # One text and no @import: the press fetches nothing.
    sheets = (_SHARED, style, _COPY) if printed_in == READING_COPY else (_SHARED, style)
    text = "\n".join((papers / each).read_text("utf-8") for each in sheets)
    return configuration, CSS(string=text, font_config=configuration, url_fetcher=_refusing())


@cache
def _refusing() -> Any:  # WeasyPrint has no types
    """A fetcher that fails the paper for any address at all, local files included."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: PLC0415  see _setting

    class Fatal(FatalURLFetchingError, Refused):  # type: ignore[misc]  # the same
        """WeasyPrint swallows every other failure and prints on without the picture."""

    class Refusing(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, *_: object, **__: object) -> Any:
            raise Fatal(f"a paper may not fetch {url}")

    return Refusing()
