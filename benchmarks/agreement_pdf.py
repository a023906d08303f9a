"""What printing one agreement costs: ours, WeasyPrint as in its tutorial, and a warm Chromium.

    python benchmarks/agreement_pdf.py [rounds]

The same agreement of two workers is printed by all three, each in a process of its own, after a
first printing that is not counted. CPU is processor time of that process and its children, so a
Chromium's helpers count too. The tutorial's way needs the Debian package fonts-noto-cjk, Chromium
needs /usr/bin/chromium; what is absent is said to be skipped.
"""

import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests" / "documents")]

ROUNDS = 15
NOTO = "Noto Serif CJK SC"
CHROMIUM = "/usr/bin/chromium"
TICKS = os.sysconf("SC_CLK_TCK")


def ours() -> Callable[[], bytes]:
    from sample_papers import make_paper

    from mediation.documents import agreement

    paper = make_paper(2)
    return lambda: agreement.render(paper)


def tutorial() -> Callable[[], bytes]:
    from weasyprint import CSS, HTML

    html, css = page(NOTO)
    return lambda: HTML(string=html).write_pdf(stylesheets=[CSS(string=css)])


def chromium() -> Callable[[], bytes]:
    from playwright.sync_api import sync_playwright

    html, css = page(NOTO)
    browser = sync_playwright().start().chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    tab = browser.new_page()

    def print_one() -> bytes:
        tab.set_content(html.replace("</head>", f"<style>{css}</style></head>"))
        return tab.pdf(prefer_css_page_size=True, print_background=True)

    return print_one


def page(family: str) -> tuple[str, str]:
    """The agreement as anybody would write it: one font, seal and code as SVG in the page."""
    import re

    import segno
    from sample_papers import make_paper

    from mediation.documents import agreement, press, stamp

    paper = make_paper(2)
    html = press.fill("agreement.html", agreement.readings(paper))
    seal = stamp.seal(paper.organisation, paper.seal_line)
    code = io.BytesIO()
    segno.make(paper.verify_url, error="q").save(code, kind="svg", xmldecl=False, omitsize=True, border=0)
    html = html.replace('id="seal"></div>', f">{seal}</div>")
    html = html.replace('id="code"></div>', f">{code.getvalue().decode()}</div>")
    css = (HERE.parent / "templates/documents/agreement.css").read_text("utf-8")
    css = re.sub(r'"Mediation \w+"(, "Mediation \w+")*', f'"{family}"', css)
    return html, css


CONTENDERS = {"ours": ours, "tutorial": tutorial, "chromium": chromium}


def family_ticks(root: int) -> float:
    """Processor seconds of a process and all below it that still live."""
    stats = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            stats[int(entry.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    family, found = {root}, True
    while found:
        found = {pid for pid, (parent, _) in stats.items() if parent in family} - family
        family |= found
    return sum(stats[pid][1] for pid in family if pid in stats) / TICKS


def measure(name: str, rounds: int) -> None:
    """Print as often as asked and write what it took, as JSON."""
    print_one = CONTENDERS[name]()
    started = time.perf_counter()
    size = len(print_one())
    first = time.perf_counter() - started
    walls = []
    before = family_ticks(os.getpid())
    for _ in range(rounds):
        started = time.perf_counter()
        print_one()
        walls.append(time.perf_counter() - started)
    cpu = (family_ticks(os.getpid()) - before) / rounds
    report = {"cpu": cpu, "wall": statistics.median(walls), "best": min(walls), "first": first, "size": size}
    print(json.dumps(report), flush=True)
    os._exit(0)  # a browser need not be closed politely


def absent(name: str) -> str | None:
    """What is not installed for a contender, if anything."""
    if name != "ours":
        known = subprocess.run(["fc-list", NOTO], capture_output=True, text=True, check=False).stdout
        if not known:
            return "no fonts-noto-cjk"
    if name == "chromium" and not shutil.which(CHROMIUM):
        return "no chromium"
    return None


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    reports = {}
    print(f"{'':10}{'CPU ms':>9}{'wall ms':>9}{'best':>7}{'first':>7}{'KB':>7}{'x ours (CPU)':>14}")
    for name in CONTENDERS:
        lack = absent(name)
        if lack:
            print(f"{name:10} skipped: {lack}")
            continue
        command = [sys.executable, __file__, "--measure", name, str(rounds)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        made = reports[name] = json.loads(done.stdout.splitlines()[-1])
        times = "".join(f"{made[key] * 1000:{width}.0f}" for key, width in
                        (("cpu", 9), ("wall", 9), ("best", 7), ("first", 7)))  # fmt: skip
        ratio = made["cpu"] / reports["ours"]["cpu"]
        print(f"{name:10}{times}{made['size'] / 1000:7.0f}{ratio:14.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], int(sys.argv[3]))
    main()
