"""A scored pupil as the pack shows them: from a row of the scores to words.

In:  rows of the scores frame (design section 7); empty cells of any kind. Names, where a school joined them.
Out: frozen `Pupil`s in the order of rank.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pandas as pd

from earlywarn.report.page import file_name
from earlywarn.report.words import day, in_ten, percent
from earlywarn.score.list_log import NOT_DECIDED, Entry, Log

NEW, BEFORE = "new on the list", "on the earlier list too"


@dataclass(frozen=True)
class Pupil:
    """One pupil; texts are empty where nothing is known.

    new   : whether a listed pupil was not on the earlier list; None where there is none to hold this against.
    since : what changed since that list, as sentences.
    noted : what the school has written down of them.
    """

    person_id: str
    name: str
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
    unlike_why: str
    new: bool | None
    since: tuple[str, ...]
    noted: str

    @property
    def called(self) -> str:
        """The name, or the id of one whose name is not given."""
        return self.name or self.person_id

    @property
    def new_words(self) -> str:
        """Whether they are new on the list, in words; nothing without an earlier list."""
        return "" if self.new is None else NEW if self.new else BEFORE

    @property
    def sheet_file(self) -> str:
        """Where the pupil's own page lies in the pack."""
        return f"pupils/{file_name(self.person_id)}.html"

    @property
    def sheet(self) -> str:
        """The same as a link."""
        return quote(self.sheet_file)

    @property
    def year_page(self) -> str:
        """The page of the pupil's year group."""
        return f"year-{'not-recorded' if self.year_group is None else self.year_group}.html"

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
            (
                self.unlike_training,
                f"Unlike the pupils the model learnt from: read with care. {self.unlike_why}".strip(),
            ),
            (self.tied, "Shares this place with others"),
        )
        return tuple(words for true, words in said if true)


def pupils_of(scores: pd.DataFrame, names: Mapping[str, str], log: Log) -> list[Pupil]:
    """Return the pupils by list and place, those without a place last; equal ones by id, so that order is stable.

    names : by person_id; one who is not in them has no name.
    """
    return sorted((_pupil(row, names, log) for row in scores.to_dict("records")), key=_order)


def _order(pupil: Pupil) -> tuple[str, bool, int, float, str]:
    return pupil.list, pupil.place is None, pupil.place or 0, -pupil.risk, pupil.person_id


def _pupil(row: Mapping[Hashable, Any], names: Mapping[str, str], log: Log) -> Pupil:
    person_id = str(row["person_id"])
    return Pupil(
        person_id=person_id,
        name=names.get(person_id, ""),
        school_id=str(row["school_id"]),
        list=str(row["list"]),
        listed=bool(row["listed"]),
        place=_whole(row["rank_in_school"]),
        year_group=_whole(row["year_group"]),
        form=_text(row.get("form")),
        risk=float(row["risk"]),
        band=_text(row["band"]),
        reasons=tuple(_text(reason["sentence"]) for reason in _several(row.get("reasons"))),
        going_well=_texts(row.get("going_well")),
        not_known=_texts(row.get("not_known")),
        too_early=bool(row.get("too_early", False)),
        tied=bool(row.get("tied", False)),
        unlike_training=bool(row.get("unlike_training", False)),
        unlike_why=_text(row.get("unlike_why")),
        new=_flag(row.get("new")),
        since=_texts(row.get("since")),
        noted=_noted(log.get((str(row["school_id"]), person_id))),
    )


def _noted(entry: Entry | None) -> str:
    """Return what a school has written down: "Seen on 12 November 2026 by A. Hill. Followed up: spoke with mum."."""
    if entry is None:
        return ""
    seen = [f"on {day(entry.seen_on)}"] if entry.seen_on else []
    seen += [f"by {entry.by}"] if entry.by else []
    decided = [] if entry.decision == NOT_DECIDED else [entry.decision.capitalize()]
    decided += [entry.why] if entry.why else []
    said = [" ".join(["Seen", *seen])] if seen else []
    said += [": ".join(decided)] if decided else []
    return ". ".join(said)


def _several(found: Any) -> Iterable[Any]:
    """Return a list, an array (as Parquet gives it back), or nothing for an empty cell."""
    return () if found is None or isinstance(found, float) else found


def _texts(found: Any) -> tuple[str, ...]:
    return tuple(map(_text, _several(found)))


def _flag(found: Any) -> bool | None:
    return None if found is None or pd.isna(found) else bool(found)


def _whole(found: Any) -> int | None:
    return None if found is None or pd.isna(found) else int(found)


def _text(found: Any) -> str:
    return "" if found is None or (not isinstance(found, str) and pd.isna(found)) else str(found)
