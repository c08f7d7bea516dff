"""The trust's overview: schools side by side, with small numbers hidden.

In:  scores of every school, and what is said of the run.
Out: one page without a row about a person. Every count follows `disclosure`: 1 to 4 show as "c", with a
     second cell hidden where the total would give the first away.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from earlywarn.disclosure import Shown, ShownCounts, percentage, suppress
from earlywarn.report.about import PackAbout
from earlywarn.report.charts import Chart, share_bars
from earlywarn.report.page import render, write_page

_LISTS = {
    "already": "Listed: already at or above the line",
    "onset": "Listed: may cross the line",
    "everyone": "Listed",
}


@dataclass(frozen=True)
class SchoolRow:
    """A school's numbers in words, in the order of the page's columns."""

    name: str
    cells: tuple[str, ...]


def write_trust_overview(scores: pd.DataFrame, about: PackAbout, path: Path) -> None:
    """Write the overview across schools."""
    people = scores.assign(school=scores["school_id"].astype(str))
    columns = _columns(people)
    shown = {title: suppress(counts) for title, counts in columns.items()}
    schools = sorted(people["school"].unique(), key=lambda school: (about.school(school), school))
    rows = [
        SchoolRow(about.school(school), tuple(_cell(column.cells[school]) for column in shown.values()))
        for school in schools
    ]
    page = render(
        "trust.html",
        about=about,
        columns=list(columns),
        rows=rows,
        totals=[_cell(column.total) for column in shown.values()],
        chart=_chart(shown["On roll"], shown["Expected with the outcome"], schools, about),
    )
    write_page(path, page)


def _columns(people: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return, for each column of the page, a count for every school."""
    by_school = people.groupby("school")
    columns = {"On roll": by_school.size()}
    for key, title in _LISTS.items():
        if (people["list"] == key).any():
            listed = people["listed"].astype(bool) & (people["list"] == key)
            columns[title] = listed.astype(int).groupby(people["school"]).sum()
    columns["Expected with the outcome"] = by_school["risk"].sum().round()
    return {title: {str(school): int(count) for school, count in counts.items()} for title, counts in columns.items()}


def _cell(count: Shown) -> str:
    return f"{count:,}" if isinstance(count, int) else count


def _chart(roll: ShownCounts, expected: ShownCounts, schools: list[str], about: PackAbout) -> Chart | None:
    """Return the expected share of each school, highest first; where a count is hidden, so is the share."""
    shares = []
    for school in schools:
        part, whole = expected.cells[school], roll.cells[school]
        if isinstance(part, int) and isinstance(whole, int) and (share := percentage(part, whole)) is not None:
            shares.append((about.school(school), "", share / 100))
    if not shares:
        return None
    says = "Of the pupils on roll. Schools differ in whom they serve: this is not a measure of their work."
    return share_bars("Expected share with the outcome", says, sorted(shares, key=lambda one: -one[2]))
