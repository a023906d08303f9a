"""Time stamps by an authority that speaks RFC 3161: that a digest existed at a moment."""

import asyncio
from typing import Any

from mediation.documents.looping import outside_loop

SECONDS = 5
"""How long an authority may take to answer."""


class NoStamp(Exception):
    """The authority gave no time stamp on the digest, or what is at hand is none."""


def stamp(url: str, digest: bytes) -> bytes:
    """A time stamp on a SHA-256 digest, by the authority at `url`.  Raises NoStamp."""
    # Loaded when it is needed: most installations ask no authority.
    from pyhanko.sign.timestamps import HTTPTimeStamper  # noqa: PLC0415 - see above

    def ask() -> bytes:
        answer = asyncio.run(HTTPTimeStamper(url, timeout=SECONDS).async_timestamp(digest, "sha256"))
        return bytes(answer.dump())

    try:
        token = outside_loop(ask)
    except Exception as error:  # a stranger's answer may be wrong in any way
        raise NoStamp(f"{url}: {error}") from error
    if imprint(token) != digest:
        raise NoStamp(f"{url}: a time stamp on something else")
    return token


def imprint(token: bytes) -> bytes:
    """The digest that a time stamp is on; its signature is not judged here.  Raises NoStamp."""
    from asn1crypto import cms  # noqa: PLC0415 - loaded when it is needed

    try:
        signed: Any = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"]
        return bytes(signed.parsed["message_imprint"]["hashed_message"].native)
    except Exception as error:  # what somebody has tampered with may be wrong in any way
        raise NoStamp(f"no time stamp: {error}") from error
