"""Watch a model on later data: what moved, what is expected, what came, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from earlywarn.bundle.manifest import canonical
from earlywarn.bundle.read import read_bundle
from earlywarn.folders import written_whole
from earlywarn.forget.overdue import Overdue, overdue
from earlywarn.monitor.facts import Facts, facts_of, groups_csv, performance_csv, readings_csv
from earlywarn.monitor.verdict import Verdict, verdict
from earlywarn.monitor.watch import dates_to_watch, watch
from earlywarn.progress import each
from earlywarn.report.monitor_page import render_monitor_page
from earlywarn.report.page import write_page
from earlywarn.run.opening import PRIVATE, config_of, instruments_of, opened

SIGN = "monitor.json"


@dataclass(frozen=True)
class MonitorRun:
    """What a monitoring wrote, on which dates, and its verdict; `overdue` should have been deleted by its day."""

    folder: Path
    dates: tuple[date, ...]
    verdict: Verdict
    overdue: tuple[Overdue, ...]


def monitor(
    bundle_path: Path,
    data: Path,
    out: Path,
    as_of: date | None = None,
    folders: Sequence[Path] = (),
    private: Path = PRIVATE,
    today: date | None = None,
) -> MonitorRun:
    """Watch a model on one date, or on all of its config's dates after its training; name what should be deleted."""
    bundle = read_bundle(bundle_path)
    late = tuple(one for folder in folders for one in overdue(folder, today or date.today()))
    with (
        written_whole(out, SIGN) as draft,
        opened(data, config_of(bundle), instruments_of(bundle), private) as sources,
    ):
        dates = (as_of,) if as_of else dates_to_watch(bundle, sources)
        watched = [watch(bundle, sources, day) for day in each("Watching", dates)]
        found = verdict(bundle, watched)
        write_monitor(facts_of(bundle, watched, found), late, draft)
    return MonitorRun(out, tuple(dates), found, late)


def write_monitor(facts: Facts, late: Sequence[Overdue], folder: Path) -> None:
    """Write the page, the JSON and the tables; what is overdue is named on the page alone."""
    (folder / SIGN).write_bytes(canonical(facts))
    for name, table in (("readings", readings_csv), ("performance", performance_csv), ("groups", groups_csv)):
        (folder / f"{name}.csv").write_text(table(facts), encoding="utf-8", newline="\n")
    named = [(one.kind, str(one.path), str(one.delete_by)) for one in late]
    write_page(folder / "monitor.html", render_monitor_page(facts, named))
