"""Papers of filing and notice for the tests, in the words of either language: invented people and firms."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sample_applications import make_application
from test_letter import make_letter

from mediation.documents import application, arbitration, letter, office_paper, oral
from mediation.documents.application import ApplicationPaper
from mediation.documents.office_paper import OfficePaper, PaperAttempt
from mediation.documents.oral import OralPaper
from mediation.domain.arbitrating import Want
from mediation.domain.facts import Claim
from mediation.domain.words import word
from mediation.services.office_papers import priced

AT = datetime(2026, 4, 2, 7, 2, 0, tzinfo=UTC)
NUMBER = "京示工调〔2026〕000128号"
CENTRE = "北京市示范区总工会劳动争议调解中心"
COMMISSION = "北京市示范区劳动人事争议仲裁委员会"
FIRM = "某某（北京）供应链管理有限公司"
WORKER = "王彧喆"
NOTE = "贵单位注册地在外区，请向该区申请。"
STORY = "干了三个月，工资没发。\n3月31日口头通知我停工。"
DIGEST = "3f9ac21e5b7d4a60918f2c3d4e5f60718293a4b5c6d7e8f9010a1b2c3d4ec21e"
CHECK_CODE = "7K3M-92QD"
TYPED = (
    NUMBER,
    CENTRE,
    COMMISSION,
    FIRM,
    WORKER,
    NOTE,
    *STORY.splitlines(),
    "李瑄",
    "赵明",
    "北京市示范区示范街1号",
)
"""What people are called or wrote, which stands as it is in every language."""


def make_copy(language: str = "zh", **changes: Any) -> ApplicationPaper:
    """The copy of what one of two workers applied for."""
    plain = {
        "title": word("papers", "application", language),
        "organisation": CENTRE,
        "hotline": "12351",
        "number": NUMBER,
        "name": WORKER,
        "phone": "13800000217",
        "employer": FIRM,
        "category": word("categories", "pay", language),
        "channel": word("channels", "online", language),
        "claims": (
            Claim(0, word("heads", "wages", language), 1_864_050, date(2026, 1, 1), date(2026, 3, 31)),
            Claim(0, word("heads", "overtime", language), 0, None, date(2026, 3, 31)),
            Claim(0, word("heads", "notice_pay", language), 600_000),
        ),
        "story": STORY,
        "filed": AT,
        "digest": DIGEST,
        "subdistrict": word("subdistricts", "110101001", language),
        "contact": "李瑄",
        "others": 1,
        "agent": ("赵明", word("agent_kinds", "lawyer", language), word("scopes", "special", language)),
    }
    return ApplicationPaper(**(plain | spoken(language) | changes))


def make_record(language: str = "zh", **changes: Any) -> OralPaper:
    """The record of what a caller told."""
    plain = {
        "organisation": CENTRE,
        "number": NUMBER,
        "applicant": WORKER,
        "phone": "13800000217",
        "employer": FIRM,
        "employer_phone": "01000000000",
        "place": word("subdistricts", "110101001", language),
        "claims": (priced("wages", 1_864_050, language), word("heads", "overtime", language)),
        "story": tuple(STORY.splitlines()),
        "at": AT,
        "recorder": "赵明",
        "channel": word("channels", "hotline", language),
        "language": word("spoken_in", "mandarin", language),
        "by_phone": True,
    }
    return OralPaper(**(plain | spoken(language) | changes))


def make_stated(kind: str, language: str = "zh", **changes: Any) -> OfficePaper:
    """What the office states alone: that nobody answered, or that it does not take the case."""
    tries = (("call", "no_reply"), ("sms", "sent"), ("letter", "sent"))
    plain = {
        "kind": kind,
        "title": word("papers", kind, language),
        "organisation": CENTRE,
        "seal_line": "劳动争议调解专用章",
        "number": NUMBER,
        "check_code": CHECK_CODE,
        "verify_url": f"https://mediation.example.org/v/{CHECK_CODE}",
        "digest": DIGEST,
        "workers": (WORKER, "李堃"),
        "employer": FIRM,
        "claims": (priced("wages", 1_864_050, language),),
        "received": date(2026, 4, 2),
        "decided": AT,
        "on": date(2026, 4, 12),
        "commission": COMMISSION,
        "hotline": "12351",
        "attempts": tuple(
            PaperAttempt(
                date(2026, 4, 3 + day),
                word("contact_ways", way, language),
                word("contact_outcomes", end, language),
            )
            for day, (way, end) in enumerate(tries)
        ),
    }
    if kind == "refusal":
        plain |= {
            "reason": word("reasons", "certify_no_answer", language),
            "words": NOTE,
            "route": word("routes", "other_union", language),
            "route_phone": "12351",
            "route_address": "北京市示范区示范街1号",
        }
    return OfficePaper(**(plain | spoken(language) | changes))


def make_claim(language: str = "zh", **changes: Any) -> Any:
    """The application for arbitration of a worker whose mediation ended without an agreement."""
    wants = (
        Want(word("heads", "wages", language), 1_864_050, date(2026, 1, 1), date(2026, 3, 31)),
        Want(word("heads", "economic_compensation", language), 1_800_000),
        Want(word("heads", "overtime", language)),
    )
    words = {
        "title": word("papers", "arbitration", language),
        "number": NUMBER,
        "wants": wants,
        "reason": word("reasons", "certify_no_answer", language),
    }
    return make_application(**(words | spoken(language) | changes))


def spoken(language: str) -> dict[str, str]:
    """What a paper is given beside its values to be a reading copy."""
    return {"printed_in": language}


def make_notice(language: str = "zh", **changes: Any) -> Any:
    """The letter to an employer."""
    return make_letter(**({"number": NUMBER} | spoken(language) | changes))


def broken(language: str) -> tuple[Want, ...]:
    """What was promised and is neither paid nor done."""
    return (
        Want(word("heads", "wages", language), 50_000, due=date(2026, 5, 1)),
        Want("", due=date(2026, 5, 2), duty="出具解除劳动合同证明"),
    )


Make = Callable[[str], bytes]
EACH: dict[str, Make] = {
    "application": lambda said: application.render(make_copy(said)),
    "application without a story": lambda said: application.render(
        make_copy(said, story="", contact=None, others=0, agent=None, uscc="91110101MA00EXAMPX")
    ),
    "oral by phone": lambda said: oral.render(make_record(said)),
    "oral at the counter": lambda said: oral.render(make_record(said, by_phone=False, employer_phone="")),
    "letter": lambda said: letter.render(make_notice(said)),
    "letter of many": lambda said: letter.render(
        make_notice(said, workers=37, answer_by=None, free_from=None)
    ),
    "letter of two": lambda said: letter.render(make_notice(said, workers=2)),
    "no answer": lambda said: office_paper.render(make_stated("no_answer", said)),
    "no answer to a court": lambda said: office_paper.render(make_stated("no_answer", said, court=True)),
    "refusal": lambda said: office_paper.render(make_stated("refusal", said)),
    "refusal without a note": lambda said: office_paper.render(
        make_stated("refusal", said, words="", route_address="")
    ),
    "arbitration": lambda said: arbitration.render(make_claim(said)),
    "arbitration with a rare character": lambda said: arbitration.render(
        make_claim(said, story="气死我了\U0001f621", relationship=True, uscc=None, contact=None)
    ),
    "arbitration after a breach": lambda said: arbitration.render(
        make_claim(said, ending="breach", wants=broken(said), reason="")
    ),
    **{
        f"arbitration, {ending}": lambda said, ending=ending: arbitration.render(
            make_claim(said, ending=ending, accepted=None, limitation=None)
        )
        for ending in ("left", "rejected", "withdrawn", "referred", "fifteen_days")
    },
}
"""Every paper of filing and notice, in every way it can be told."""
