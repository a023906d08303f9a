"""The drawing of a chart shows its states, its arrows and its ends."""

from little_chart import CHART, registry

from mediation.engine.drawing import mermaid
from mediation.engine.loading import parse


def test_a_chart_is_drawn_with_the_labels_of_its_states_and_acts():
    assert mermaid(parse(CHART.encode(), "lending.yaml", registry())) == (
        "stateDiagram-v2\n"
        '  state "在架上" as shelved\n'
        '  state "借出" as lent\n'
        '  state "逾期" as late\n'
        '  state "注销" as gone\n'
        "  [*] --> shelved\n"
        "  shelved --> lent: 借出\n"
        "  lent --> late: 记逾期\n"
        "  lent --> shelved: 归还\n"
        "  late --> shelved: 归还\n"
        "  shelved --> gone: 注销 / 自动检查\n"
        "  lent --> gone: 注销\n"
        "  late --> gone: 注销\n"
        "  gone --> [*]\n"
    )
