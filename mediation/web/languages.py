"""Two languages: a template says each sentence in both, `t(zh, en)`, so that none can lack one."""

from urllib.parse import urlencode

from flask import Response, request
from flask_login import current_user

LANGUAGES = ("zh", "en")
TRANSLATED = frozenset(
    {
        "applying",
        "calculating",
        "places",
        "public.verify",
        "public.verify_code",
        "entering.answer",
        "entering.link",
        "entering.onward",
        "entering.code",
        "cases.hear",
        "cases.calendar",
        "cases.named",
        "cases.show",
        "cases.act",
        "cases.code",
        "cases.terms",
        "cases.meeting",
        "cases.stop_move",
        "cases.stream",
        "public.home",
        "public.totals",
        "entering.follow",
        "entering.staff",
        "entering.leave",
        "public.inbox",
        "evidence",
        "cases.mailbox",
        "cases.reach",
        "desk.oral",
        "desk.oral_filed",
    }
)
"""Blueprints and pages with every sentence in both; all others speak Chinese."""
OF_A_CASE = "cases"
"""Pages that staff have too: to them these speak Chinese, as their desk does."""


def translated() -> bool:
    """Whether the page in hand is there in both languages for whoever reads it."""
    if request.endpoint is None:  # the page that says that there is none
        return not _staff()
    if TRANSLATED.isdisjoint({request.blueprint, request.endpoint}):
        return False
    return request.blueprint != OF_A_CASE or not _staff()


def _staff() -> bool:
    return current_user.is_authenticated and current_user.actor.role not in ("worker", "employer")


def language() -> str:
    """The language of the page in hand: as asked for, else as chosen on this phone."""
    if not translated():
        return "zh"
    wanted = request.args.get("lang") or request.cookies.get("lang")
    return wanted if wanted in LANGUAGES else "zh"


def t(zh: str, en: str) -> str:
    """One sentence in the language of the page."""
    return en if language() == "en" else zh


def again(**changes: str) -> str:
    """The address of the page in hand with these values changed in its query."""
    return "?" + urlencode({**request.args.to_dict(flat=False), **changes}, doseq=True)


def remember(response: Response) -> Response:
    """Keep the language that was asked for on this phone."""
    wanted = request.args.get("lang")
    # One reading copy is no wish to read every page in English: staff print them for others.
    if wanted in LANGUAGES and response.mimetype != "application/pdf":
        response.set_cookie("lang", wanted, max_age=31_536_000, samesite="Lax", httponly=True)
    return response
