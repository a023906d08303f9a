"""A process of its own, narrow and short-lived, in which a stranger's file is opened: see `cleaning`."""

import resource
import sys

import msgspec

from mediation.documents.sniffing import Found, NotTaken

MEMORY = 1500 * 1024 * 1024
SECONDS = 20


def main() -> None:
    """Read a file from standard input, its kind and media type from the command line; write its copies."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    found = Found(*sys.argv[1:3])
    try:
        view, small = _cleaned(sys.stdin.buffer.read(), found)
        said: dict[str, object] = {"view": view, "small": small, "problem": ""}
    except NotTaken as refused:
        said = {"view": b"", "small": b"", "problem": refused.code}
    sys.stdout.buffer.write(msgspec.msgpack.encode(said))


def _cleaned(content: bytes, found: Found) -> tuple[bytes, bytes]:
    # Imported where it is needed: a photo need not wait for a parser of documents.
    if found.kind == "photo":
        from mediation.documents.pictures import redrawn  # noqa: PLC0415 - see above

        return redrawn(content)
    if found.kind == "document":
        from mediation.documents.pdfs import rewritten  # noqa: PLC0415 - see above

        return rewritten(content), b""
    from mediation.documents.sounds import bare  # noqa: PLC0415 - see above

    return bare(content, found.media), b""


if __name__ == "__main__":
    main()
