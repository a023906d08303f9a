"""What comes of the answers of somebody who applied step by step: a filing, with nothing made up."""

from typing import Any

from msgspec import to_builtins

from mediation.domain.applying import KINDS, Answers, Since
from mediation.domain.money import plain
from mediation.domain.words import word


def as_filing(answers: Answers) -> dict[str, Any]:
    """Complete answers in the shape of a dossier, to be read as a filing; nothing may be missing.

    What a filing has no place for stands in its story, in words: since when, and what nobody could say.
    """
    if answers.missing:
        raise ValueError(answers.missing)
    kinds, firm, who, amounts = answers.what or (), answers.employer, answers.contact, answers.amount or {}
    assert firm is not None  # noqa: S101 - nothing is missing
    assert who is not None  # noqa: S101 - as above
    claims = [
        {"head": KINDS[kind][1], "amount": "" if (fen := amounts[kind]) is None else plain(fen)}
        for kind in kinds
    ]
    first: dict[str, Any] = {"name": who.name, "phone": who.phone, "claims": claims}
    if answers.reach:
        first["reach"] = to_builtins(answers.reach)
    return {
        "channel": "online",
        "category": KINDS[kinds[0]][0],
        "subdistrict": answers.place,
        "employer": {"name": firm.name or word("applied", "employer"), "contact": {"phone": firm.phone}},
        "workers": [first, *_others(answers)],
        "story": "\n".join(_told(answers)),
        "consented": who.consented,
        **({"filed_by": to_builtins(answers.agent)} if answers.agent else {}),
    }


def employer_has_their_phone(answers: Answers) -> bool:
    """Whether the employer's phone is that of somebody on the other side, who could answer for both then."""
    phone = answers.employer.phone if answers.employer else ""
    theirs = {one.phone for one in (answers.contact, answers.agent, *answers.fellows) if one}
    return bool(phone) and phone in theirs


def _others(answers: Answers) -> list[dict[str, Any]]:
    """Each asks for the same; what he is owed stands under the first of it.  None has confirmed yet."""
    heads = [KINDS[kind][1] for kind in answers.what or ()]
    return [
        {
            "name": one.name,
            "phone": one.phone,
            "confirmed": False,
            "claims": [
                {"head": head, "amount": plain(one.owed) if first and one.owed is not None else ""}
                for first, head in ((place == 0, head) for place, head in enumerate(heads))
            ],
        }
        for one in answers.fellows
    ]


def _told(answers: Answers) -> list[str]:
    said = []
    if answers.employer and answers.employer.name is None:
        said.append(word("applied", "employer_unknown"))
    since = answers.when or Since()
    if since.length:
        said.append(_in("since", word("since", since.length)))
    if since.day:
        said.append(_in("about" if since.about else "day", since.day))
    unclear = [kind for kind in answers.what or () if (answers.amount or {}).get(kind) is None]
    said += [_in("amount_unknown", word("dispute_kinds", kind)) for kind in unclear]
    return [*said, answers.story or word("applied", "no_story")]


def _in(code: str, about: str) -> str:
    return word("applied", code).replace("{}", about)
