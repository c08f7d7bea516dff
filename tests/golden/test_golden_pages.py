"""Pages as they were agreed: a change shows as a difference, and `--update-golden` accepts it."""

from datetime import date
from pathlib import Path

from conftest import Golden
from earlywarn.report.audit_page import render_audit_page
from earlywarn.report.compare_page import compare_page
from earlywarn.report.decision_page import render_decision
from earlywarn.report.model_report import render_model_report
from earlywarn.report.monitor_page import render_monitor_page
from earlywarn.report.pack import write_packs
from earlywarn.report.staff_overview import write_staff_overview
from earlywarn.report.trust_overview import write_trust_overview
from made_up_cycle import benchmark, decision_facts, monitor_facts, placed
from made_up_facts import about, audit_facts, report_facts, scores, staff_scores, told_again


def test_the_pack_of_a_tiny_school_reads_as_agreed(golden: Golden, tmp_path: Path) -> None:
    folder = write_packs(told_again(), tmp_path)[0]
    pages = {"pack": "index.html", "year": "year-5.html", "sheet": "pupils/P0000.html"}
    for name, page in pages.items():
        golden(f"{name}.html", (folder / page).read_text(encoding="utf-8"))
    golden("pupils.csv", (folder / "pupils.csv").read_text(encoding="utf-8-sig"))


def test_the_model_report_reads_as_agreed(golden: Golden) -> None:
    golden("report.html", render_model_report(report_facts()))


def test_the_audit_reads_as_agreed(golden: Golden) -> None:
    golden("audit.html", render_audit_page(audit_facts()))


def test_the_overviews_read_as_agreed(golden: Golden, tmp_path: Path) -> None:
    write_trust_overview(scores(), about(), tmp_path / "trust.html")
    write_staff_overview(staff_scores(), about(), tmp_path / "staff.html")
    for name in ("trust.html", "staff.html"):
        golden(name, (tmp_path / name).read_text(encoding="utf-8"))


def test_the_pages_of_the_cycle_read_as_agreed(golden: Golden) -> None:
    golden("decision.html", render_decision(decision_facts()))
    golden("monitor.html", render_monitor_page(monitor_facts(), [("pack", "scores/packs/1", "2026-07-31")]))
    golden("compare.html", compare_page(placed(), benchmark(), [benchmark(), benchmark(date(2026, 9, 28))]))
