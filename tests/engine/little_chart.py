"""A chart about lending books, for the tests: the engine knows no labour law, and neither do these."""

from dataclasses import dataclass
from datetime import UTC, datetime

from mediation.engine.asking import Actor, Ask, Registry

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

CHART = """\
workflow: lending
version: 1
title: 借书
initial: shelved

states:
  shelved: {label: 在架上, en: Shelved}
  lent: {label: 借出, en: Lent}
  late: {label: 逾期, en: Late}
  gone: {label: 注销, en: Gone, final: "yes"}

groups:
  out: [lent, late]

actions:
  lend:
    label: 借出
    en: Lend
    by: librarian
    from: shelved
    to: lent
    needs: [note]
    when:
      well_kept: 书坏了。
      not_reserved: 有人预约了。
    then: [write_down, count_loans]
  mark_late:
    label: 记逾期
    en: Mark late
    by: librarian
    from: lent
    to: late
  praise:
    label: 好评
    en: Praise
    by: [reader, librarian]
    from: [shelved, out]
    takes: [note]
    then: write_down
  give_back:
    label: 归还
    en: Give back
    by: [reader, librarian]
    from: out
    to: shelved
  scrap:
    label: 注销
    en: Scrap
    by: librarian
    from: [shelved, out]
    to: gone
  notice_wear:
    label: 自动检查
    en: Notice wear
    by: system
    from: shelved
    to: gone
    follows: give_back
    when:
      worn_out: 还能用。

clocks:
  loan:
    label: 借期
    en: Loan
    starts: lend
    stops: [give_back, scrap]
    length: 30
    unit: calendar
    law: 借阅规则 第1条
"""


@dataclass(frozen=True, slots=True)
class Book:
    """What is known of a book."""

    state: str = "shelved"
    kept: bool = True
    reserved: bool = False
    worn: bool = False


def registry(**more):
    """The registry of the lending desk; `more` are further effects."""
    return Registry(
        roles=frozenset({"reader", "librarian", "system"}),
        fields=frozenset({"note", "amount"}),
        guards={
            "well_kept": lambda book, _ask: book.kept,
            "not_reserved": lambda book, _ask: not book.reserved,
            "worn_out": lambda book, _ask: book.worn,
        },
        effects={
            "write_down": lambda _book, ask: [f"wrote {ask.data.get('note')}"],
            "count_loans": lambda _book, _ask: ["counted"],
            **more,
        },
    )


def asked(action, role="librarian", **data):
    """An act asked for at the desk."""
    return Ask(action, Actor(role, f"{role}:1", "某人"), seen=1, at=NOON, data=data)
