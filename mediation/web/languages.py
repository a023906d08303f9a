"""Two languages: a template says each sentence in both, `t(zh, en)`, so that none can lack one."""

from flask import Response, request

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
        "cases.act join",
        "cases.act tell_elements",
        "cases.act tell_times",
        "cases.act add_evidence",
        "cases.act open_evidence",
        "cases.act name_agent",
        "evidence",
        "cases.mailbox",
        "desk.oral",
        "desk.oral_filed",
    }
)
"""Blueprints and pages, some of them of one act, with every sentence in both; all others speak Chinese."""


def translated() -> bool:
    """Whether the page in hand is there in both languages."""
    act = (request.view_args or {}).get("name", "")
    return not TRANSLATED.isdisjoint({request.blueprint, request.endpoint, f"{request.endpoint} {act}"})


def language() -> str:
    """The language of the page in hand: as asked for, else as chosen on this phone."""
    if not translated():
        return "zh"
    wanted = request.args.get("lang") or request.cookies.get("lang")
    return wanted if wanted in LANGUAGES else "zh"


def t(zh: str, en: str) -> str:
    """One sentence in the language of the page."""
    return en if language() == "en" else zh


def remember(response: Response) -> Response:
    """Keep the language that was asked for on this phone."""
    wanted = request.args.get("lang")
    if wanted in LANGUAGES:
        response.set_cookie("lang", wanted, max_age=31_536_000, samesite="Lax", httponly=True)
    return response
