"""Applications for arbitration for the tests: invented people and firms."""

from dataclasses import replace
from datetime import date
from typing import Any

from mediation.documents.arbitration import ArbitrationPaper
from mediation.domain.arbitrating import Want


def make_application(**changes: Any) -> ArbitrationPaper:
    """The application of one worker whose mediation ended without an agreement."""
    return replace(
        ArbitrationPaper(
            title="劳动人事争议仲裁申请书",
            commission="北京市示范区劳动人事争议仲裁委员会",
            organisation="北京市示范区总工会劳动争议调解中心",
            hotline="12351",
            number="京示工调字〔2026〕第0128号",
            made=date(2026, 4, 20),
            name="王彧喆",
            phone="13800000217",
            employer="某某（北京）供应链管理有限公司",
            uscc="91110101MA00EXAMPX",
            contact="李瑄",
            wants=(
                Want("工资", 1_864_050, date(2026, 1, 1), date(2026, 3, 31)),
                Want("经济补偿", 1_800_000),
            ),
            story="干了三个月，工资没发。\n3月31日口头通知我停工。",
            received=date(2026, 4, 2),
            accepted=date(2026, 4, 3),
            ending="not_agreed",
            ended_on=date(2026, 4, 18),
            reason="差距太大",
            limitation=date(2027, 4, 19),
        ),
        **changes,
    )
