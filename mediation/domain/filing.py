"""An application for mediation as it was filed: who, against whom, for what, and what happened."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from mediation.domain.authorities import Authority, named
from mediation.domain.facts import Claim
from mediation.domain.fields import Invalid, Problem, amount, calendar_day, text
from mediation.domain.naming import name
from mediation.domain.reach import Reach
from mediation.domain.reach import checked as read_reach
from mediation.domain.terms import HEADS

CATEGORIES = ("relationship", "contract", "dismissal", "conditions", "pay", "other")
"""The six kinds of 劳动争议调解仲裁法 art. 2."""
CHANNELS = ("online", "hotline", "counter", "transfer")
PLATFORM = "platform"
"""New forms of employment: riders, drivers and the like."""
GROUPS = ("migrant", PLATFORM, "over_age", "female")
SUBDISTRICTS = tuple(f"1101010{n:02d}" for n in range(1, 18))
DISTRICT = "110101000"
"""The whole district by its code: where somebody worked in it and cannot say in which subdistrict."""
PLACES = (*SUBDISTRICTS, DISTRICT)
MOST_WORKERS = 200
LONGEST_STORY = 5000
MOST_CLAIMS = 50
WORKER = {"side": "worker", "seat": 0}
"""Whom somebody files for: the first of the workers."""


class Applicant(Struct, frozen=True):
    """A worker who applies, with what he asks for."""

    name: str
    phone: str
    group: str | None
    claims: tuple[Claim, ...]
    confirmed: bool = True
    """Whether he himself said that he applies; false where somebody else named him."""
    reach: Reach | None = None


class Employer(Struct, frozen=True):
    """The employing unit; `phone` may be empty where nobody knows it yet."""

    name: str
    uscc: str | None
    contact: str | None
    phone: str


class Oral(Struct, frozen=True):
    """An application by word of mouth: who wrote it down and read it back, in what, and was told yes.

    劳动争议调解仲裁法 art. 12.  `by` is an actor's id; when it was is the time of the entry.
    """

    by: str
    language: str


class FiledBy(Struct, frozen=True):
    """Whoever files for the first worker, who has not said yet himself that he applies."""

    name: str
    phone: str
    authority: Authority


class Filing(Struct, frozen=True):
    """A filing whose every field has been read."""

    channel: str
    subdistrict: str
    category: str
    workers: tuple[Applicant, ...]
    employer: Employer
    story: str
    consented: str | None = None
    """The version of the lines on personal information that the applicant ticked, if any."""
    oral: Oral | None = None
    filed_by: FiledBy | None = None

    def first_entry(self) -> dict[str, Any]:
        """What the log keeps of it: no names, no numbers to call, no story."""
        claims = [claim for worker in self.workers for claim in worker.claims]
        said = {
            "category": self.category,
            "subdistrict": self.subdistrict,
            "channel": self.channel,
            "workers": len(self.workers),
            "claims": msgspec.to_builtins(claims),
        }
        if self.consented:
            said |= {"consented": self.consented}
        if self.oral:
            said |= {"oral": {**msgspec.to_builtins(self.oral), "agreed": True}}
        if self.filed_by:
            said |= {"authorities": [msgspec.to_builtins(self.filed_by.authority)]}
        if unasked := [seat for seat, worker in enumerate(self.workers) if not worker.confirmed]:
            said |= {"unconfirmed": unasked}
        # The law limits how far the time of such a case may be drawn out, so rules must know it.
        return said | ({"platform": True} if any(one.group == PLATFORM for one in self.workers) else {})


def read(given: Mapping[str, Any]) -> Filing:
    """Read a filing in the shape of a dossier.  Raises Invalid with every field at fault.

    Fields at fault are named by their path: `workers.0.claims.1.amount`.
    """
    reading = _Reading()
    employer = reading.mapping(given.get("employer"), "employer")
    contact = reading.mapping(employer.get("contact") or {}, "employer.contact")
    workers = reading.sequence(given.get("workers"), "workers", MOST_WORKERS)
    filed_by = _filed_by(reading, given["filed_by"]) if given.get("filed_by") else None
    filing = Filing(
        reading.listed(given.get("channel"), CHANNELS, "channel"),
        reading.listed(given.get("subdistrict"), PLACES, "subdistrict"),
        reading.listed(given.get("category"), CATEGORIES, "category"),
        tuple(_worker(reading, seat, one, asked=not filed_by) for seat, one in enumerate(workers)),
        Employer(
            reading.name(employer.get("name"), "employer.name", 100),
            reading.optional(employer.get("uscc"), "employer.uscc"),
            reading.optional(contact.get("name"), "employer.contact.name"),
            reading.phone(contact.get("phone") or "", "employer.contact.phone", mobile=False),
        ),
        reading.words(given.get("story"), "story", LONGEST_STORY),
        reading.optional(given.get("consented"), "consented"),
        filed_by=filed_by,
    )
    if reading.problems:
        raise Invalid(reading.problems)
    return filing


def _filed_by(reading: "_Reading", given: Any) -> FiledBy | None:
    """Who files for the first worker, and by what authority."""
    one = reading.mapping(given, "filed_by")
    said = reading.read(
        lambda v: named(v, Problem("wrong_shape")), one.get("authority"), "filed_by.authority", {}
    )
    name = reading.name(one.get("name"), "filed_by.name", 50)
    phone = reading.phone(one.get("phone"), "filed_by.phone", mobile=True)
    return FiledBy(name, phone, msgspec.convert(said | WORKER, Authority)) if said else None


def _worker(reading: "_Reading", seat: int, given: Any, *, asked: bool) -> Applicant:
    where = f"workers.{seat}"
    one = reading.mapping(given, where)
    claims = reading.sequence(one.get("claims"), f"{where}.claims", MOST_CLAIMS)
    group = one.get("group") or None
    return Applicant(
        reading.name(one.get("name"), f"{where}.name", 50),
        reading.phone(one.get("phone"), f"{where}.phone", mobile=True),
        group and reading.listed(group, GROUPS, f"{where}.group"),
        tuple(_claim(reading, seat, f"{where}.claims.{i}", claim) for i, claim in enumerate(claims)),
        # The first is who files, unless somebody does it for him.
        asked if seat == 0 else one.get("confirmed") is not False,
        reading.read(read_reach, one.get("reach"), f"{where}.reach", None),
    )


def _claim(reading: "_Reading", seat: int, where: str, given: Any) -> Claim:
    one = reading.mapping(given, where)
    money = 0
    if one.get("amount") not in (None, ""):
        money = reading.read(_money, one["amount"], f"{where}.amount", 0)
    start, end = reading.day(one.get("from"), f"{where}.from"), reading.day(one.get("to"), f"{where}.to")
    if start and end and end < start:
        reading.problems[f"{where}.to"] = "ends_too_early"
    return Claim(seat, reading.listed(one.get("head"), HEADS, f"{where}.head"), money, start, end)


def _money(value: Any) -> int:
    return amount(value, allow_zero=True)


def party_detail(side: str, detail: str, value: Any) -> str:
    """One detail of a party, read as it is in a filing.  Raises Problem."""
    reading = _Reading()
    if detail == "phone":
        found = reading.phone(value, detail, mobile=side == "worker")
    else:
        found = reading.name(value, detail, 50 if side == "worker" else 100)
    if reading.problems:
        raise Problem(reading.problems[detail])
    return found


class _Reading:
    """One filing being read: where problems are gathered."""

    def __init__(self) -> None:
        self.problems: dict[str, str] = {}

    def read(self, reader: Any, value: Any, where: str, instead: Any) -> Any:
        try:
            return reader(value)
        except Problem as problem:
            self.problems[where] = str(problem)
            return instead

    def mapping(self, value: Any, where: str) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.problems[where] = "missing" if value is None else "wrong_shape"
        return {}

    def sequence(self, value: Any, where: str, most: int) -> list[Any]:
        if not isinstance(value, list) or not value:
            self.problems[where] = "wrong_shape" if value else "missing"
            return []
        if len(value) > most:
            self.problems[where] = "too_many"
        return value[:most]

    def listed(self, value: Any, allowed: tuple[str, ...], where: str) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        self.problems[where] = "not_listed" if value else "missing"
        return allowed[0]

    def words(self, value: Any, where: str, most: int, reader: Any = text) -> str:
        found: str = self.read(lambda v: reader(v, most), "" if value is None else value, where, "")
        if not found and where not in self.problems:
            self.problems[where] = "missing"
        return found

    def name(self, value: Any, where: str, most: int) -> str:
        return self.words(value, where, most, name)

    def optional(self, value: Any, where: str) -> str | None:
        return self.name(value, where, 100) if value else None

    def phone(self, value: Any, where: str, *, mobile: bool) -> str:
        written: str = self.read(lambda v: text(v, 40), "" if value is None else value, where, "")
        digits = re.sub(r"[\s\-－()（）]", "", written.translate(_NARROW)).removeprefix("+86")
        wanted = r"1[3-9][0-9]{9}" if mobile else r"0?[0-9]{5,12}|"
        if not re.fullmatch(wanted, digits) and where not in self.problems:
            wrong = "not_a_phone" if mobile else "not_a_contact_phone"
            self.problems[where] = wrong if digits else "missing"
        return digits

    def day(self, value: Any, where: str) -> Any:
        if value in (None, ""):
            return None
        written = self.read(calendar_day, value, where, None)
        return written and date.fromisoformat(written)


_NARROW = str.maketrans("０１２３４５６７８９＋", "0123456789+")
