"""What can be read off a page."""

import html
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

MOST_BYTES = 60_000
"""What the first visit to a page may fetch, not even compressed."""


def words(answer: TestResponse) -> str:
    """The readable text."""
    body = re.sub(r"<(head|svg)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def title(answer: TestResponse) -> str:
    """What the tab says."""
    found = re.search(r"<title>(.*?)</title>", answer.text, re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def links(answer: TestResponse) -> list[str]:
    """The addresses of all links."""
    return [html.unescape(found) for found in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', answer.text)]


def ids(answer: TestResponse) -> list[str]:
    """Every id, as often as it stands there."""
    return re.findall(r'\bid="([^"]*)"', answer.text)


def fields(answer: TestResponse) -> dict[str, str]:
    """What a browser would send of the page's first form, its buttons left out."""
    form = re.search(r"<main.*?<form\b.*?>(.*?)</form>", answer.text, re.DOTALL)
    return _sent(form[1] if form else "")


def filled(answer: TestResponse) -> dict[str, Any]:
    """The same of all forms in the page's middle together."""
    return _sent(answer.text.partition("<main")[2])


def _sent(body: str) -> dict[str, str]:
    """Hidden fields, and what is filled in, chosen or ticked."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", body):
        read = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if read.get("type") in ("radio", "checkbox") and not re.search(r"\bchecked\b", tag):
            continue
        found[read["name"]] = html.unescape(read.get("value", ""))
    for name, inside in re.findall(
        r'<textarea\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</textarea>', body, re.DOTALL
    ):
        found[name] = html.unescape(inside)
    for name, inside in re.findall(r'<select\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]*\bselected\b', inside)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    return found


def still(answer: TestResponse) -> str:
    """The whole page but for the tokens that differ each time."""
    return re.sub(r'(name="(?:csrf_token|once)" value=)"[^"]*"', r"\1", answer.text)


def weight(client: FlaskClient, page: TestResponse) -> int:
    """The bytes of a page and of all that it loads."""
    parts = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    assert parts, "a page has a style at least"
    return len(page.data) + sum(_size(client, part) for part in parts)


def _size(client: FlaskClient, address: str) -> int:
    with client.get(address) as answer:
        return len(answer.data)
