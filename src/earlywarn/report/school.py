"""A school of a run, as all the pages of its pack need it.

In:  what a scores folder holds of every school.
Out: one `School` each, with its own pupils only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from earlywarn.benchmarks import Benchmark
from earlywarn.phrases import list_name
from earlywarn.report.about import PackAbout
from earlywarn.report.benchmarks import by_school
from earlywarn.report.charts import capital
from earlywarn.report.contents import PackContents
from earlywarn.report.listed import LIST_ORDER
from earlywarn.report.pupil import Pupil, pupils_of


@dataclass(frozen=True)
class Left:
    """Somebody who stood on the earlier list and stands on this one no more."""

    person_id: str
    name: str
    list: str
    place: int
    why: str


@dataclass(frozen=True)
class School:
    """One school: everyone scored there, in the order of lists and places."""

    school_id: str
    name: str
    about: PackAbout
    pupils: tuple[Pupil, ...]
    left: tuple[Left, ...]
    benchmarks: tuple[Benchmark, ...]

    @cached_property
    def listed(self) -> tuple[Pupil, ...]:
        """Those who are on a list."""
        return tuple(pupil for pupil in self.pupils if pupil.listed)

    @property
    def was_listed_before(self) -> bool:
        """Whether there is an earlier list to hold this one against."""
        return self.about.earlier is not None or any(pupil.new is not None for pupil in self.listed)


def schools_of(contents: PackContents) -> Iterator[School]:
    """Yield the schools of a run, by id."""
    left, benchmarks = _by_school(contents.left), by_school(contents.benchmarks)
    for school_id, scores in _by_school(contents.scores).items():
        yield School(
            school_id=school_id,
            name=contents.about.school(school_id),
            about=contents.about,
            pupils=tuple(pupils_of(scores, contents.names, contents.log)),
            left=_left(left.get(school_id), contents.names),
            benchmarks=benchmarks.get(school_id, ()),
        )


def _by_school(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    if frame.empty:
        return {}
    return {str(school_id): rows for school_id, rows in frame.groupby("school_id", sort=True)}


def _left(rows: pd.DataFrame | None, names: Mapping[str, str]) -> tuple[Left, ...]:
    """Return who left a school's lists, in the order of the lists and of the places they had."""
    if rows is None:
        return ()
    found = sorted(
        (LIST_ORDER.index(str(row["list"])), int(row["place_then"]), str(row["person_id"]), capital(str(row["why"])))
        for row in rows.to_dict("records")
    )
    return tuple(
        Left(person_id, names.get(person_id, ""), list_name(LIST_ORDER[which]), place, why)
        for which, place, person_id, why in found
    )
