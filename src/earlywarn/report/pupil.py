"""A scored pupil as the pack shows them: from a row of the scores to words.

In:  rows of the scores frame (design section 7); empty cells of any kind.
Out: frozen `Pupil`s in the order of rank.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from earlywarn.report.words import in_ten, percent


@dataclass(frozen=True)
class Pupil:
    """One pupil; texts are empty where nothing is known."""

    person_id: str
    school_id: str
    list: str
    listed: bool
    place: int | None
    year_group: int | None
    form: str
    risk: float
    band: str
    reasons: tuple[str, ...]
    going_well: tuple[str, ...]
    not_known: tuple[str, ...]
    too_early: bool
    tied: bool
    unlike_training: bool

    @property
    def year(self) -> str:
        """Year group in words."""
        if self.year_group is None:
            return "not recorded"
        return f"Year {self.year_group}" if self.year_group else "Reception"

    @property
    def likely(self) -> str:
        """The risk as a person would say it."""
        return in_ten(self.risk)

    @property
    def percent(self) -> str:
        """The risk as a percentage."""
        return percent(self.risk)

    @property
    def marks(self) -> tuple[str, ...]:
        """What a reader must know before reading the row."""
        said = (
            (self.too_early, "Too early to tell: few sessions so far this school year"),
            (self.unlike_training, "Unlike the pupils the model learnt from: read with care"),
            (self.tied, "Shares this place with others"),
        )
        return tuple(words for true, words in said if true)


def pupils_of(scores: pd.DataFrame) -> list[Pupil]:
    """Return the pupils by list and place, those without a place last; equal ones by id, so that order is stable."""
    return sorted((_pupil(row) for row in scores.to_dict("records")), key=_order)


def _order(pupil: Pupil) -> tuple[str, bool, int, float, str]:
    return pupil.list, pupil.place is None, pupil.place or 0, -pupil.risk, pupil.person_id


def _pupil(row: Mapping[Hashable, Any]) -> Pupil:
    return Pupil(
        person_id=str(row["person_id"]),
        school_id=str(row["school_id"]),
        list=str(row["list"]),
        listed=bool(row["listed"]),
        place=_whole(row["rank_in_school"]),
        year_group=_whole(row["year_group"]),
        form=_text(row.get("form")),
        risk=float(row["risk"]),
        band=_text(row["band"]),
        reasons=tuple(_text(reason["sentence"]) for reason in _several(row.get("reasons"))),
        going_well=tuple(map(_text, _several(row.get("going_well")))),
        not_known=tuple(map(_text, _several(row.get("not_known")))),
        too_early=bool(row.get("too_early", False)),
        tied=bool(row.get("tied", False)),
        unlike_training=bool(row.get("unlike_training", False)),
    )


def _several(found: Any) -> Iterable[Any]:
    """Return a list, an array (as Parquet gives it back), or nothing for an empty cell."""
    return () if found is None or isinstance(found, float) else found


def _whole(found: Any) -> int | None:
    return None if found is None or pd.isna(found) else int(found)


def _text(found: Any) -> str:
    return "" if found is None or (not isinstance(found, str) and pd.isna(found)) else str(found)
