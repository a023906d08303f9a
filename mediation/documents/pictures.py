"""A photo drawn anew: the right way up, as plain JPEG, and nothing in it but what is seen."""

import io
import math

import pillow_heif
from PIL import Image, ImageOps

from mediation.documents.sniffing import NotTaken

MOST_PIXELS = 50_000_000
SHORT_SIDE, SHOWN_PIXELS = 1600, 12_000_000
"""How large a copy is at most: a long picture of a chat must stay legible."""
THUMB = 240
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF")


def redrawn(content: bytes) -> tuple[bytes, bytes]:
    """The copy that readers get, and a small one, both JPEG.  Raises NotTaken.

    What a decoder does to a broken file is anybody's guess: call this in a process that may die.
    """
    pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # judged here, by a refusal and not by a warning
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:
                raise NotTaken("picture_too_large")
            upright = ImageOps.exif_transpose(found)
            shown = _plain(upright)
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, IndexError, TypeError) as broken:
        raise broken if isinstance(broken, NotTaken) else NotTaken("picture_broken") from None
    scale = min(1, SHORT_SIDE / min(shown.size), math.sqrt(SHOWN_PIXELS / (shown.width * shown.height)))
    if scale < 1:
        shown = shown.resize((max(1, int(shown.width * scale)), max(1, int(shown.height * scale))))
    small = shown.copy()
    small.thumbnail((THUMB, THUMB))
    return _jpeg(shown, 82), _jpeg(small, 60)


def _plain(image: Image.Image) -> Image.Image:
    """The first picture of `image` on white, in three colours of eight bits."""
    if image.mode.startswith("I"):  # sixteen bits: the darker half of them would be cut off
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert("RGB")
    return image.convert("RGB")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    # Pixels alone are copied: whatever else the decoder has found stays behind.
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    kept = io.BytesIO()
    bare.save(kept, "JPEG", quality=quality)
    return kept.getvalue()
