"""What changed since an earlier list: who is new, who left it and why.

In:  the scores of today, and those of an earlier morning with the log that schools kept of them.
Out: today's scores with `new` and `since` for those who are listed; a row for each who is listed no longer.

People are held against themselves at the same school: who moved is new where they are now.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from earlywarn.errors import ConfigError
from earlywarn.phrases import list_name
from earlywarn.score.list_log import NOT_DECIDED, Log

LEFT: Final = ("school_id", "person_id", "list", "place_then", "why")
_WHO = ["school_id", "person_id"]
_SAID = ["list", "listed", "rank_in_school", "band"]


@dataclass(frozen=True)
class Earlier:
    """An earlier list: its scores, its morning, the model that made it, and what schools wrote of it."""

    name: str
    model_version: str
    as_of: date
    scores: pd.DataFrame
    log: Log


@dataclass(frozen=True)
class Changes:
    """What changed, for all schools together.

    kept    : people listed then and now; `new` now only, `gone` then only.
    overlap : the Jaccard index of both lists: 1 if they hold the same people, NaN if nobody is listed.
    other_model : the version that made the earlier list, where it is another one.
    """

    as_of: date
    kept: int
    new: int
    gone: int
    other_model: str | None

    @property
    def overlap(self) -> float:
        either = self.kept + self.new + self.gone
        return self.kept / either if either else float("nan")


@dataclass(frozen=True)
class Since:
    """Today's scores with `new` and `since`, who left a list, and both in numbers."""

    scores: pd.DataFrame
    left: pd.DataFrame
    changes: Changes


def check_earlier(earlier: Earlier, name: str, as_of: date) -> None:
    """Refuse scores of another model, or of the same morning or a later one."""
    if earlier.name != name:
        raise ConfigError(
            f"the earlier scores are of the model {earlier.name}, these of {name}",
            fix="give --previous the scores folder of an earlier list of the same model",
        )
    if earlier.as_of >= as_of:
        raise ConfigError(
            f"the earlier scores are of {earlier.as_of}, these of {as_of}",
            fix="give --previous the scores folder of an earlier morning",
        )


def since(scores: pd.DataFrame, earlier: Earlier, model_version: str, left_out: Collection[str] = ()) -> Since:
    """Hold a list against an earlier one; people in `left_out` asked not to be shown at all."""
    now = scores[[*_WHO, *_SAID]]
    then = earlier.scores[[*_WHO, *_SAID]].rename(columns={name: f"{name}_then" for name in _SAID})
    today, before = _beside(now, then), _beside(then, now)
    listed, kept = today["listed"].to_numpy(bool), today["stays"].to_numpy(bool)
    as_of = pd.Timestamp(scores["as_of"].iloc[0]).date()
    said = [_sentences(row, earlier, as_of) if row["listed"] else [] for row in today.to_dict("records")]
    new = pd.array(~kept, dtype="boolean")
    new[~listed] = pd.NA
    told = scores.assign(new=new, since=pd.Series(said, index=scores.index))
    gone = before[before["listed_then"] & ~before["stays"] & ~before["person_id"].isin(list(left_out))]
    other = earlier.model_version if earlier.model_version != model_version else None
    changes = Changes(earlier.as_of, int(kept.sum()), int((listed & ~kept).sum()), len(gone), other)
    return Since(told, _left(gone), changes)


def no_one_left() -> pd.DataFrame:
    """Return a table of who left a list, of nobody."""
    texts = {name: pd.Series(dtype=str) for name in LEFT}
    return pd.DataFrame(texts | {"place_then": pd.Series(dtype="int64")})


def _beside(people: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return people in their order, with what the other list says of them; `stays` are those on one list in both."""
    both = people.merge(others, "left", on=_WHO, indicator="known")
    both["known"] = both["known"] == "both"
    for listed in ("listed", "listed_then"):
        both[listed] = both[listed].eq(True)  # nobody who is not there is listed
    both["stays"] = both["listed"] & both["listed_then"] & (both["list"] == both["list_then"])
    return both


def _sentences(row: Mapping[Hashable, Any], earlier: Earlier, as_of: date) -> list[str]:
    """Say what changed for a person who is listed."""
    then = _day(earlier.as_of, as_of)
    said = [_place(row, then) if row["stays"] else _arrival(row, then)]
    if row["known"] and row["band"] != row["band_then"]:
        said.append(f"Likelihood {row['band_then']} then, {row['band']} now.")
    entry = earlier.log.get((row["school_id"], row["person_id"]))
    if entry is not None and entry.seen_on is not None:
        decided = "" if entry.decision == NOT_DECIDED else f", {entry.decision}"
        said.append(f"Seen on {_day(entry.seen_on, as_of)}{decided}.")
    return said


def _place(row: Mapping[Hashable, Any], then: str) -> str:
    before, now = int(row["rank_in_school_then"]), int(row["rank_in_school"])
    places = f"at place {now} then and now" if before == now else f"then at place {before}; now {now}"
    return f"On the list of {then} too, {places}."


def _arrival(row: Mapping[Hashable, Any], then: str) -> str:
    if not row["known"]:
        return f"New on this list: not looked at here on {then}."
    if row["listed_then"]:
        place = int(row["rank_in_school_then"])
        return f"New on this list: on {then} at place {place} of the list “{list_name(row['list_then'])}”."
    return f"New on this list: looked at on {then}, and not listed."


def _left(gone: pd.DataFrame) -> pd.DataFrame:
    why = pd.Series([_why(row) for row in gone.to_dict("records")], index=gone.index, dtype=str)
    found = gone[_WHO].assign(list=gone["list_then"], place_then=gone["rank_in_school_then"], why=why)
    return found.sort_values(["school_id", "list", "place_then", "person_id"], ignore_index=True)[list(LEFT)]


def _why(row: Mapping[Hashable, Any]) -> str:
    """Say why somebody is on a list no longer."""
    if not row["known"]:
        return "no longer on roll here, or no longer looked at"
    if row["list"] == row["list_then"]:
        return "others come before them now"
    where = f"at place {int(row['rank_in_school'])}" if row["listed"] else "where others come before them"
    return f"belongs to the list “{list_name(row['list'])}” now, {where}"


def _day(when: date, as_of: date) -> str:
    """Return a day in words, with its year where that is not this one."""
    return f"{when.day} {when:%B}" if when.year == as_of.year else f"{when.day} {when:%B %Y}"
