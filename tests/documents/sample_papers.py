"""Papers for the tests: invented people and firms, names chosen for their rare characters."""

from datetime import UTC, date, datetime

from mediation.documents.agreement import (
    AgreementPaper,
    PaperClaim,
    PaperDuty,
    PaperEmployer,
    PaperPayment,
    PaperRoot,
    PaperSignature,
    PaperWorker,
)

NAMES = (
    "王彧喆",
    "李堃",
    "欧阳䶮",
    "赵淼",
    "孙垚",
    "周頔",
    "吴祎旻",
    "郑玥",
    "冯昇",
    "陈翀",
    "褚犇",
    "卫燊",
)
HEADS = ("2026年1月至3月工资", "解除劳动合同经济补偿")

ROOT = PaperRoot(
    "9b1d5e0a7c3f48261e0d9c8b7a6f5e4d3c2b1a09f8e7d6c5b4a3928170f6e5d4",
    1_234_567,
    datetime(2026, 4, 9, 7, 0, 12, tzinfo=UTC),
)


def make_paper(workers: int = 2, *, sealed: bool = True, lines: int = 0) -> AgreementPaper:
    """An agreement for some workers, each with two sums; ``lines`` adds clauses to move breaks."""
    names = NAMES[:workers]
    return AgreementPaper(
        organisation="北京市示范区总工会劳动争议调解中心",
        number="京示工调字〔2026〕第0128号",
        check_code="7K3M-92QD",
        verify_url="https://mediation.example.org/v/7K3M-92QD",
        category="劳动报酬",
        received=date(2026, 4, 2),
        accepted=date(2026, 4, 3),
        workers=tuple(
            PaperWorker(
                name,
                "138****0217",
                (
                    PaperClaim("拖欠工资", 1_864_050, date(2026, 1, 1), date(2026, 3, 31)),
                    PaperClaim("解除劳动合同经济补偿", 1_800_000, None, None),
                ),
            )
            for name in names
        ),
        employer=PaperEmployer("某某（北京）供应链管理有限公司", "91110101MA00EXAMPX", "李瑄"),
        mediator="赵明",
        matter=(
            f"申请人{names[0]}等称被申请人自2026年1月起未按月足额支付工资，"
            "并于2026年3月31日口头通知停工，双方因此发生争议"
        ),
        payments=tuple(
            PaperPayment(
                name,
                head,
                1_864_050 if head == HEADS[0] else 1_800_000 + place,
                date(2026, 4, 30),
                f"一次性转入{name}尾号0217的本人银行账户",
            )
            for place, name in enumerate(names)
            for head in HEADS
        ),
        duties=(PaperDuty("被申请人为申请人出具解除劳动合同证明", date(2026, 4, 15)),),
        overdue=(
            "被申请人任一期款项逾期超过3日的，全部未付款项立即到期，"
            "并自逾期之日起按未付金额每日万分之二另行支付违约金"
        ),
        extra=tuple(f"双方约定的第{place + 1}项其他事项。" for place in range(lines)),
        signatures=(
            *(
                PaperSignature(
                    "worker",
                    name,
                    datetime(2026, 4, 9, 7, 2, place, tzinfo=UTC),
                    "短信验证码签署",
                    f"S-7K3M-{place + 1:02d}",
                )
                for place, name in enumerate(names)
            ),
            PaperSignature(
                "employer",
                "李瑄",
                datetime(2026, 4, 9, 7, 5, 40, tzinfo=UTC),
                "授权代理人签署",
                "S-7K3M-90",
            ),
            PaperSignature(
                "mediator",
                "赵明",
                datetime(2026, 4, 9, 7, 8, 2, tzinfo=UTC),
                "短信验证码签署",
                "S-7K3M-91",
            ),
        )
        if sealed
        else (),
        sealed_on=date(2026, 4, 9) if sealed else None,
        terms_digest="3f9ac21e5b7d4a60918f2c3d4e5f60718293a4b5c6d7e8f9010a1b2c3d4ec21e",
        copies=workers + 2,
        root=ROOT if sealed else None,
    )
