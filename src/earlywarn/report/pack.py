"""The pack a school opens on Monday: one page and one CSV file, its own pupils only.

In:  scores of every school, and what is said of the run.
Out: `<out>/<school_id>/index.html` and `pupils.csv`. The page holds those who are listed, in the order of
     their places; the file holds all scored pupils of the school, with reasons only for those listed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from earlywarn.report.about import PackAbout
from earlywarn.report.page import render, write_page
from earlywarn.report.pupil import Pupil, pupils_of
from earlywarn.report.spreadsheet import write_csv
from earlywarn.report.words import counted
from earlywarn.score.lists import BANDS

_LISTS: Mapping[str, tuple[str, str]] = {
    "onset": (
        "May cross the line",
        "Below the line today, and more likely than others to cross it. Help now comes before the habit.",
    ),
    "already": (
        "Already at or above the line",
        "Over the line so far this year. The order says for whom it is most likely to stay so.",
    ),
    "everyone": ("Everyone", "One list of all pupils."),
}
_LIST_WORDS = {key: title.lower() for key, (title, _) in _LISTS.items()}
_HEADER = (
    "list", "listed", "place", "person_id", "year_group", "form", "band", "likely", "risk_percent", "reason_1",
    "reason_2", "reason_3", "reason_4", "going_well", "not_known", "read_first", "delete_by",
)  # fmt: skip
_MOST_REASONS = 4


@dataclass(frozen=True)
class ListShown:
    """One list on the page; `others` says how many of it were scored and not listed."""

    key: str
    title: str
    says: str
    pupils: tuple[Pupil, ...]
    others: str


def write_packs(scores: pd.DataFrame, about: PackAbout, out: Path) -> list[Path]:
    """Write a pack for every school of the scores; return their folders."""
    return [
        _write_pack(str(school_id), pupils_of(of_school), about, out)
        for school_id, of_school in scores.groupby("school_id", sort=True)
    ]


def _write_pack(school_id: str, pupils: Sequence[Pupil], about: PackAbout, out: Path) -> Path:
    folder = out / folder_name(school_id)
    listed = [pupil for pupil in pupils if pupil.listed]
    page = render(
        "pack.html",
        script=True,
        school=about.school(school_id),
        about=about,
        lists=_lists(pupils),
        lined=any(pupil.list != "everyone" for pupil in pupils),
        roll=counted(len(pupils), "pupil", "pupils"),
        years=_years(listed),
        bands=[band for band, _ in BANDS if any(pupil.band == band for pupil in listed)],
    )
    write_page(folder / "index.html", page)
    write_csv(folder / "pupils.csv", _HEADER, (_cells(pupil, about) for pupil in pupils))
    return folder


def folder_name(school_id: str) -> str:
    """Return a school's id as the name of one folder, whatever stands in it.

    >>> folder_name("123456"), folder_name("../a"), folder_name("..")
    ('123456', '..%2Fa', '%2E%2E')
    """
    name = quote(school_id, safe="")
    return name if name.strip(".") else name.replace(".", "%2E")


def _lists(pupils: Sequence[Pupil]) -> tuple[ListShown, ...]:
    shown = []
    for key, (title, says) in _LISTS.items():
        members = [pupil for pupil in pupils if pupil.list == key]
        listed = tuple(pupil for pupil in members if pupil.listed)
        others = counted(len(members) - len(listed), "other pupil", "other pupils")
        if members or key != "everyone":
            shown.append(ListShown(key, title, says, listed, others))
    return tuple(shown)


def _years(pupils: Sequence[Pupil]) -> list[str]:
    """Return the year groups there are, youngest first."""
    found = {pupil.year: pupil.year_group for pupil in pupils}
    return sorted(found, key=lambda year: (found[year] is None, found[year] or 0))


def _cells(pupil: Pupil, about: PackAbout) -> tuple[str, ...]:
    """Return a pupil's cells under `_HEADER`."""
    year = "" if pupil.year_group is None else str(pupil.year_group)
    who = (pupil.person_id, year, pupil.form, pupil.band)
    which, last = _LIST_WORDS.get(pupil.list, pupil.list), about.delete_by.isoformat()
    if not pupil.listed:
        said = [""] * (len(_HEADER) - len(who) - 4)
        return (which, "no", "", *who, *said, last)
    place = "" if pupil.place is None else str(pupil.place)
    reasons = [*pupil.reasons, *[""] * _MOST_REASONS][:_MOST_REASONS]
    notes = (" ".join(pupil.going_well), " ".join(pupil.not_known), ". ".join(pupil.marks))
    return (which, "yes", place, *who, pupil.likely, pupil.percent, *reasons, *notes, last)
