"""The run's numbers as sentences and rows; each of them stands in `metrics.json` or `audit.json`.

What could not be estimated is said to be so, and what is hidden there ("c") stays hidden here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from earlywarn.audit.words import phrase_of
from earlywarn.disclosure import HIDDEN
from earlywarn.evaluate.verdict import AMONG
from earlywarn.record.run import Run
from earlywarn.report.words import Kind, in_ten, known, with_interval

Estimates = Mapping[str, Any]

_SAID: Mapping[str, tuple[str, Kind]] = {
    "auc": ("AUC {}", "decimal"),
    "precision": ("of those listed, {} had the outcome", "share"),
    "recall": ("of those with the outcome, {} were listed", "share"),
    "calibration_slope": ("calibration slope {}", "decimal"),
    "observed_over_expected": ("for each one expected, {} happened", "decimal"),
}


@dataclass(frozen=True)
class GroupRow:
    """How one group fares on one list; shares as "28% (25% to 31%)"."""

    group: str
    found: str
    false_alarms: str


@dataclass(frozen=True)
class GroupTable:
    """How groups fare on one list.

    hidden : groups of which nothing may be shown, because someone could be recognised.
    """

    among: str
    rows: tuple[GroupRow, ...]
    hidden: tuple[str, ...]


def lists(run: Run) -> tuple[str, ...]:
    """Return the lists that people are put on: two where the outcome has a line, otherwise one."""
    measured = run.metrics.get("populations") or {}
    return tuple(name for name in ("onset", "already") if name in measured) or ("everyone",)


def measures(run: Run, population: str) -> Estimates:
    """Return the tested model's estimates; none where nothing could be measured."""
    measured = (run.metrics.get("populations") or {}).get(population) or {}
    found: Estimates = measured.get("model") or {}
    return found


def performance(run: Run) -> tuple[str, ...]:
    """Return how well the tested model did: a sentence for everyone, and one for each list."""
    return tuple(_sentence(run, population) for population in dict.fromkeys(("everyone", *lists(run))))


def _sentence(run: Run, population: str) -> str:
    found = measures(run, population)
    parts = [words.format(with_interval(found.get(name), kind)) for name, (words, kind) in _SAID.items()]
    return f"Among {AMONG[population]}: {'; '.join(parts)}."


def listed_in_vain(run: Run) -> tuple[str, ...]:
    """Return how many were listed and had no outcome, for each list."""
    found = {name: measures(run, name) for name in lists(run)}
    return tuple(
        f"Of those listed among {AMONG[name]}, {with_interval(each.get('false_alarms'), 'share')} had no outcome."
        for name, each in found.items()
    )


def passed_by(run: Run) -> tuple[str, ...]:
    """Return how many had the outcome and were not listed, for each list."""
    found = {name: measures(run, name) for name in lists(run)}
    return tuple(
        f"Of those not listed among {AMONG[name]}, {with_interval(each.get('false_reassurance'), 'share')} had the "
        f"outcome; people missed: {with_interval(each.get('people_missed'), 'count')}."
        for name, each in found.items()
    )


def group_tables(run: Run) -> tuple[GroupTable, ...]:
    """Return, for each list, how the audited groups fare: who is found, and who is listed in vain."""
    found = {population: _group_rows(run, population) for population in lists(run)}
    return tuple(_table(AMONG[population], rows) for population, rows in found.items() if rows)


def _table(among: str, rows: tuple[GroupRow, ...]) -> GroupTable:
    hidden = [row for row in rows if row.found == row.false_alarms == HIDDEN]
    return GroupTable(among, tuple(row for row in rows if row not in hidden), tuple(row.group for row in hidden))


def _group_rows(run: Run, population: str) -> tuple[GroupRow, ...]:
    rows = {
        (row["group_by"], row["group"], row["measure"]): row
        for row in run.audit.get("rows") or ()
        if row["contender"] == "model" and row["population"] == population
    }
    groups = dict.fromkeys((column, group) for column, group, _ in rows)
    shown = (
        GroupRow(
            f"{run.people} {phrase_of(column, group)}",
            with_interval(rows.get((column, group, "recall")), "share"),
            with_interval(rows.get((column, group, "false_alarms")), "share"),
        )
        for column, group in groups
    )
    return tuple(dict.fromkeys(shown))  # "without SEN" is a group of SEN and of any SEN


def in_ten_of(run: Run, population: str, measure: str) -> str | None:
    """Return a share as "about 4 in 10", for readers who want no more; None where it is not known."""
    share = known((measures(run, population).get(measure) or {}).get("value"))
    return None if share is None else in_ten(share)
