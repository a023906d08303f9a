"""A paper that is printed when somebody asks for it, and kept nowhere."""

import io
from collections.abc import Callable
from typing import TypeVar

from flask import Response, send_file

from mediation.store.db import db

P = TypeVar("P")


def printed(render: Callable[[P], bytes], paper: P, name: str) -> Response:
    """The PDF of a paper whose values are all read, to be saved as `name`.pdf and by no cache."""
    db.session.close()  # printing takes a while and reads nothing
    made = send_file(io.BytesIO(render(paper)), mimetype="application/pdf", download_name=f"{name}.pdf")
    made.headers["Cache-Control"] = "no-store"  # names, phones and links; many phones are shared
    return made
