"""The overview of staff: by school, by role and where they meet, from ten people up, never one by one.

In:  scores of staff, benchmarks of what they say, and what is said of the run.
Out: one page. A group under ten is joined with others until it has ten; no group that is left unshown can
     be found by taking the shown ones from a total.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from earlywarn.benchmarks import Benchmark
from earlywarn.benchmarks.record import EVERYONE, WHOLE_TRUST
from earlywarn.disclosure import STAFF_GROUP_FROM
from earlywarn.report.about import PackAbout
from earlywarn.report.charts import capital
from earlywarn.report.page import render, write_page
from earlywarn.report.side_by_side import apart_words, tables_of
from earlywarn.report.words import percent

Cell = tuple[str, str]


@dataclass(frozen=True)
class GroupRow:
    """A group of staff: who, how many in post, mean risk, and how many resignations that makes."""

    names: tuple[str, ...]
    people: str
    risk: str
    expected: str


def write_staff_overview(
    scores: pd.DataFrame, about: PackAbout, path: Path, benchmarks: Sequence[Benchmark] = ()
) -> None:
    """Write the overview of staff."""
    staff = _staff(scores)
    schools, roles = joined(_sizes(staff["school"])), joined(_sizes(staff["role"]))
    at_schools = [one for one in benchmarks if one.school_id != WHOLE_TRUST]
    in_roles = [one for one in benchmarks if one.school_id == WHOLE_TRUST and one.group_by != EVERYONE]
    page = render(
        "staff.html",
        about=about,
        all_staff=_row(("All staff",), staff["risk"]),
        by_school=_rows(staff, "school", schools, about.school, "Smaller schools together"),
        by_role=_rows(staff, "role", roles, capital, "Other roles together"),
        crossed=_crossed(staff, schools, roles, about),
        said_at_schools=tables_of(
            at_schools, "School", "said", lambda one: (about.school(one.school_id), one.school_id)
        ),
        said_in_roles=tables_of(in_roles, "Role", "said-role", lambda one: (capital(one.group), one.group)),
        apart=apart_words(at_schools),
        least=STAFF_GROUP_FROM,
    )
    write_page(path, page)


def _staff(scores: pd.DataFrame) -> pd.DataFrame:
    """Return each post's school, role and risk; a missing role is a role of its own."""
    roles = scores["role"].astype(object)
    return pd.DataFrame(
        {
            "school": scores["school_id"].astype(str).to_numpy(),
            "role": roles.where(roles.notna(), "role not recorded").astype(str).to_numpy(),
            "risk": scores["risk"].to_numpy(float),
        }
    )


def _sizes(groups: pd.Series) -> dict[str, int]:
    return {str(name): int(size) for name, size in groups.value_counts().sort_index().items()}


def joined(sizes: dict[str, int]) -> set[str]:
    """Return the groups to join: all under ten, and the next smallest until the joined ones are ten too.

    >>> sorted(joined({"teacher": 40, "assistant": 12, "technician": 3}))
    ['assistant', 'technician']
    >>> joined({"teacher": 40, "assistant": 12})
    set()
    """
    small = {name for name, size in sizes.items() if size < STAFF_GROUP_FROM}
    rest = sorted(sizes.keys() - small, key=lambda name: (sizes[name], name))
    while small and rest and sum(sizes[name] for name in small) < STAFF_GROUP_FROM:
        small.add(rest.pop(0))
    return small


def _rows(
    staff: pd.DataFrame, column: str, together: set[str], called: Callable[[str], str], name: str
) -> list[GroupRow]:
    """Return a row for each group that stands alone, by name, and one for those that are joined."""
    alone = sorted(set(staff[column]) - together, key=lambda group: (called(group), group))
    rows = [_row((called(group),), staff["risk"][staff[column] == group]) for group in alone]
    return [*rows, _row((name,), staff["risk"][staff[column].isin(together)])] if together else rows


def _crossed(staff: pd.DataFrame, schools: set[str], roles: set[str], about: PackAbout) -> list[GroupRow]:
    """Return school by role, where at least ten people share both."""
    sizes = Counter(zip(staff["school"], staff["role"], strict=True))
    shown = sorted(shown_cells(sizes, schools, roles), key=lambda cell: (about.school(cell[0]), cell))
    risks = dict(iter(staff.groupby(["school", "role"])["risk"]))
    return [_row((about.school(school), capital(role)), risks[school, role]) for school, role in shown]


def shown_cells(sizes: Mapping[Cell, int], schools: set[str], roles: set[str]) -> set[Cell]:
    """Return the cells to show, so that what is left of each school and role is nobody or at least ten people.

    Cells of joined schools and roles are not shown: beside the others' totals they would give the rest away.

    >>> shown_cells({("A", "teacher"): 30, ("A", "leader"): 12, ("A", "clerk"): 4}, set(), set())
    {('A', 'teacher')}
    """
    large = {cell for cell, size in sizes.items() if size >= STAFF_GROUP_FROM}
    shown = {(school, role) for school, role in large if school not in schools and role not in roles}
    while exposed := _first_exposed(sizes, shown):
        shown.remove(min(exposed, key=lambda cell: (sizes[cell], cell)))
    return shown


def _first_exposed(sizes: Mapping[Cell, int], shown: set[Cell]) -> list[Cell]:
    """Return the shown cells of a school or role whose unshown people are too few; empty if there is none."""
    for place, name in sorted({(place, cell[place]) for cell in shown for place in (0, 1)}):
        left = sum(size for cell, size in sizes.items() if cell[place] == name and cell not in shown)
        if 0 < left < STAFF_GROUP_FROM:
            return [cell for cell in shown if cell[place] == name]
    return []


def _row(names: tuple[str, ...], risks: pd.Series) -> GroupRow:
    """Return a group's row; under ten people only that they are too few."""
    if len(risks) < STAFF_GROUP_FROM:
        return GroupRow(names, f"fewer than {STAFF_GROUP_FROM}", "not shown", "not shown")
    return GroupRow(names, f"{len(risks):,}", percent(float(risks.mean())), f"about {risks.sum():,.0f}")
