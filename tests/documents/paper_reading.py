"""Reads printed papers back: their text as two programs see it, their glyphs, their pictures."""

import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy
from pypdf import PdfReader
from pypdf.generic import ContentStream


def pages(pdf: bytes) -> list[str]:
    """The text of each page as poppler lays it out."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode().split("\f")[:-1]


def text(pdf: bytes) -> str:
    """All text without spaces or line ends, as poppler reads it."""
    return squeezed("".join(pages(pdf)))


def other_text(pdf: bytes) -> str:
    """The same as pypdf reads it, in the order it is drawn."""
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


def glyphs(pdf: bytes) -> Iterator[int]:
    """The number of every glyph drawn; 0 is the empty box."""
    reader = PdfReader(io.BytesIO(pdf))
    for page in reader.pages:
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in {b"TJ", b"Tj"}:
                shown = operands[0] if operator == b"TJ" else operands
                for run in shown:
                    if isinstance(run, (bytes, str)):
                        raw = run if isinstance(run, bytes) else run.original_bytes
                        yield from (int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2))


def fonts(pdf: bytes) -> list[list[str]]:
    """The rows of pdffonts: name, type, encoding, emb, sub, uni, object."""
    done = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return [row.split() for row in done.stdout.decode().splitlines()[2:]]


def picture(pdf: bytes, page: int, folder: Path, dpi: int = 150) -> numpy.ndarray:
    """One page as an image, colours blue, green, red."""
    (folder / "paper.pdf").write_bytes(pdf)
    place = ["-f", str(page), "-l", str(page), "-singlefile"]
    command = ["pdftoppm", "-r", str(dpi), *place, "-png", "paper.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True, timeout=60, capture_output=True)
    return cv2.imread(str(folder / "page.png"))


def reddish(image: numpy.ndarray) -> numpy.ndarray:
    """Where the picture is seal red."""
    blue, green, red = (image[:, :, part].astype(int) for part in range(3))
    return (red > 150) & (green < 90) & (blue < 110)
