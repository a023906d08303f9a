"""A paper that is printed when somebody asks for it, and kept nowhere."""

import io
from collections.abc import Callable
from typing import TypeVar

from flask import Response, request, send_file

from mediation.documents.speaking import PAPER, READING_COPY
from mediation.store.db import db

P = TypeVar("P")


def printed_in() -> str:
    """Whether the paper or its reading copy was asked for.

    By the address alone: whatever language a phone keeps, only the Chinese paper is handed in.
    """
    return READING_COPY if request.args.get("lang") == READING_COPY else PAPER


def printed(render: Callable[[P], bytes], paper: P, name: str) -> Response:
    """The PDF of a paper whose values are all read, to be saved as `name`.pdf and by no cache."""
    db.session.close()  # printing takes a while and reads nothing
    name = f"{name} (English reading copy)" if printed_in() == READING_COPY else name
    made = send_file(io.BytesIO(render(paper)), mimetype="application/pdf", download_name=f"{name}.pdf")
    made.headers["Cache-Control"] = "no-store"  # names, phones and links; many phones are shared
    return made
