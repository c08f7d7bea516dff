"""The trust's overview: schools side by side, with small numbers hidden.

In:  scores of every school, benchmarks, and what is said of the run.
Out: one page without a row about a person. Every count follows `disclosure`: 1 to 4 show as "c", with a
     second cell hidden where the total would give the first away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from earlywarn.benchmarks import Benchmark
from earlywarn.benchmarks.record import EVERYONE
from earlywarn.disclosure import HIDDEN, Shown, ShownCounts, hide, percentage, shown_count, suppress
from earlywarn.report.about import PackAbout
from earlywarn.report.page import render, write_page
from earlywarn.report.side_by_side import apart_words, tables_of
from earlywarn.report.trust_spread import calibration_chart, differences, expected_chart

_LISTS = {
    "already": "Listed: already at or above the line",
    "onset": "Listed: may cross the line",
    "everyone": "Listed",
}
_ROLL, _EXPECTED, _ON_LIST = "On roll", "Expected with the outcome", "Of these, on a list"
Counts = Mapping[str, int]


@dataclass(frozen=True)
class SchoolRow:
    """A school's numbers in words, in the order of the page's columns."""

    name: str
    cells: tuple[str, ...]


def write_trust_overview(
    scores: pd.DataFrame, about: PackAbout, path: Path, benchmarks: Sequence[Benchmark] = ()
) -> None:
    """Write the overview across schools."""
    people = scores.assign(school=scores["school_id"].astype(str))
    columns = _columns(people)
    schools = sorted(people["school"].unique(), key=lambda school: (about.school(school), school))
    whole = [one for one in benchmarks if one.group_by == EVERYONE]
    page = render(
        "trust.html",
        about=about,
        columns=list(columns),
        rows=[
            SchoolRow(about.school(each), tuple(_cell(column.cells[each]) for column in columns.values()))
            for each in schools
        ],
        totals=[_cell(column.total) for column in columns.values()],
        places=_places(columns),
        chart=expected_chart(scores, _shares(columns, schools), about),
        calibration=calibration_chart(about),
        tables=tables_of(whole, "School", "beside", lambda one: (about.school(one.school_id), one.school_id)),
        apart=apart_words(whole),
        differences=differences(whole),
    )
    write_page(path, page)


def _columns(people: pd.DataFrame) -> dict[str, ShownCounts]:
    """Return the columns of the page, a count for every school and their total, with small ones hidden."""
    found = {_ROLL: suppress(_counts(people.groupby("school").size()))}
    for key, title in _LISTS.items():
        if (people["list"] == key).any():
            found[title] = suppress(_counts(_listed(people, key).groupby(people["school"]).sum()))
    risk = people["risk"]
    expected = _counts(risk.groupby(people["school"]).sum())
    on_list = _counts((risk * people["listed"].astype(bool)).groupby(people["school"]).sum())
    found[_EXPECTED] = suppress(expected)
    return found | {_ON_LIST: _part(on_list, expected, found[_EXPECTED])}


def _listed(people: pd.DataFrame, key: str) -> "pd.Series[Any]":
    return (people["listed"].astype(bool) & (people["list"] == key)).astype(int)


def _counts(by_school: "pd.Series[Any]") -> Counts:
    return {str(school): round(float(count)) for school, count in by_school.items()}


def _part(part: Counts, whole: Counts, shown: ShownCounts) -> ShownCounts:
    """Return a part of some counts: neither it nor the rest of a school may be 1 to 4.

    shown : the whole as it is shown; where it is hidden, so is the part.
    """
    rest = {school: max(whole[school] - count, 0) for school, count in part.items()}
    hidden = hide([part, rest], [set(part)], {school for school, count in shown.cells.items() if count == HIDDEN})
    cells: dict[str, Shown] = {school: HIDDEN if school in hidden else count for school, count in part.items()}
    return ShownCounts(cells, shown_count(sum(part.values())))


def _cell(count: Shown) -> str:
    return f"{count:,}" if isinstance(count, int) else count


def _shares(columns: Mapping[str, ShownCounts], schools: Sequence[str]) -> list[str]:
    """Return the schools whose expected share may be shown: where a count is hidden, so is the share."""
    found = []
    for school in schools:
        part, whole = columns[_EXPECTED].cells[school], columns[_ROLL].cells[school]
        if isinstance(part, int) and isinstance(whole, int) and percentage(part, whole) is not None:
            found.append(school)
    return found


def _places(columns: Mapping[str, ShownCounts]) -> str:
    """Say how far the lists reach; nothing where a total is hidden."""
    listed = [column.total for title, column in columns.items() if title in _LISTS.values()]
    expected, reached = columns[_EXPECTED].total, columns[_ON_LIST].total
    totals = [count for count in listed if isinstance(count, int)]
    if len(totals) < len(listed) or not isinstance(expected, int) or not isinstance(reached, int):
        return ""
    return (
        f"{sum(totals):,} pupils are listed. Of about {expected:,} expected with the outcome, about {reached:,} are on "
        f"a list and {expected - reached:,} on none: a list is as long as a school has places, not as the need is."
    )
