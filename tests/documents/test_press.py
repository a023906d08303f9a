import os
import subprocess
import sys
from pathlib import Path

import jinja2
import pytest

from mediation.documents import fonts, press, stamp


def in_new_process(code: str, **world: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(each for each in sys.path if each)
    env = {**os.environ, "PYTHONPATH": paths, **world}
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60)


def test_a_forgotten_value_stops_the_press():
    with pytest.raises(jinja2.UndefinedError):
        press.write("agreement.html", "agreement.css", {})


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1:9/x", "data:image/png;base64,AA"]
)
def test_no_address_can_be_fetched(address: str):
    with pytest.raises(press.Refused, match="may not fetch"):
        press._refusing().fetch(address)


def test_importing_the_package_loads_neither_weasyprint_nor_pyhanko():
    code = (
        "import sys, mediation.documents.agreement, mediation.documents.signing; "
        "print([name for name in ('weasyprint', 'pyhanko', 'flask', 'sqlalchemy') if name in sys.modules])"
    )
    assert in_new_process(code).stdout.strip() == "[]"


def test_missing_fonts_are_said_in_one_sentence_with_the_cure(tmp_path: Path):
    code = (
        "import sys; sys.prefix = sys.argv[1] if len(sys.argv) > 1 else '/nowhere'\n"
        "from mediation.documents import fonts\n"
        "try: fonts.prepare()\n"
        "except fonts.FontsMissing as missing: print(missing)"
    )
    said = in_new_process(code, MEDIATION_FONTS=str(tmp_path)).stdout
    assert said.startswith("fonts missing: MediationFang.ttf")
    assert "tools/fonts" in said


def test_only_our_fonts_are_seen_whatever_the_host_has(tmp_path: Path):
    code = (
        "from mediation.documents import fonts; import subprocess\n"
        "fonts.prepare(); subprocess.run(['fc-list', ':', 'family'])"
    )
    done = in_new_process(code, XDG_CACHE_HOME=str(tmp_path))
    families = {line.split(",")[0] for line in done.stdout.split("\n") if line}
    assert families <= {f"Mediation {kind}" for kind in ("Fang", "Hei", "Song", "Kai", "Rare")}
    assert len(families) >= 4
    assert list(tmp_path.glob("mediation/fonts/fonts-*.conf"))


def test_every_character_of_gb2312_and_rare_names_can_be_drawn():
    common = "".join(
        bytes([row, cell]).decode("gb2312", "ignore")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
    )
    assert fonts.missing(common + "喆堃昇瑄彧懿垚淼犇燊翀旻玥珺䶮镕頔祎禤亓仉邰冼昊") == ""
    assert fonts.missing("好\U0001f600") == "\U0001f600"


def test_the_seal_has_outlines_and_no_text():
    drawn = stamp.seal("北京市示范区总工会劳动争议调解中心", "劳动争议调解专用章")
    assert "<text" not in drawn
    assert drawn.count("M") > 60
    assert 'width="42mm"' in drawn
    assert stamp.seal("甲乙", "丙") != drawn


def test_a_rare_character_in_an_organisations_name_is_drawn_in_the_spare_face():
    assert len(stamp.seal("䶮", "")) > len(stamp.seal("", "")) + 100
    with pytest.raises(fonts.Unprintable):
        stamp.seal("\U0001f600", "")
