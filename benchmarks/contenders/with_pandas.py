"""The features in plain pandas, one date at a time."""

from datetime import date
from pathlib import Path

import pandas as pd

from contenders import finish

SESSION = ["person_id", "date", "session"]


def features(data: Path, days: pd.DataFrame, codes: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the features of everyone with a mark before a date, one row a person."""
    marks = _known(data, as_of).merge(days, on=["school_id", "date"]).merge(codes, on="code")
    marks["pm"] = marks["session"] == "PM"
    spells = _spells(marks, as_of)
    counts = _counts(marks)
    whole = counts.join([_weeks(marks), _weekdays(marks), spells], how="left")
    return finish.features(whole)


def _known(data: Path, as_of: date) -> pd.DataFrame:
    """Return the marks as they were known before a date: of a corrected one, the latest correction."""
    columns = ["person_id", "school_id", "date", "session", "code", "known_on"]
    marks = pd.read_parquet(data / "attendance.parquet", columns=columns)
    for name in ("date", "known_on"):
        marks[name] = pd.to_datetime(marks[name])
    limit = pd.Timestamp(as_of)
    marks = marks[(marks["date"] < limit) & (marks["known_on"] < limit)]
    marks = marks.sort_values("known_on", kind="stable").drop_duplicates(SESSION, keep="last")
    return marks.drop(columns="known_on").astype({"school_id": "str", "code": "str"})


def _counts(marks: pd.DataFrame) -> pd.DataFrame:
    person = marks["person_id"]
    found = {kind: marks[kind].groupby(person, observed=True).sum() for kind in (*finish.COUNTED, *finish.KINDS)}
    for kind in finish.COUNTED:
        for window in finish.WINDOWS:
            inside = marks[kind] & marks[window]
            found[f"{kind}_{window}"] = inside.groupby(person, observed=True).sum()
    found["unauthorised_w10"] = (marks["unauthorised"] & marks["w10"]).groupby(person, observed=True).sum()
    found["left"] = marks["left"].groupby(person, observed=True).first()
    return pd.DataFrame(found)


def _weeks(marks: pd.DataFrame) -> pd.DataFrame:
    weekly = marks.groupby(["person_id", "week"], observed=True)[["absent", "possible", "late", "w8"]].sum()
    weekly = weekly[weekly["possible"] > 0].reset_index()
    weekly["rate"], weekly["lateness"] = (weekly[kind] / weekly["possible"] for kind in ("absent", "late"))
    weekly["full"] = weekly["absent"] == 0
    weekly["run"] = (~weekly["full"]).groupby(weekly["person_id"], observed=True).cumsum()
    each = weekly.groupby("person_id", observed=True)
    runs = weekly.groupby(["person_id", "run"], observed=True)["full"].sum().groupby("person_id", observed=True)
    recent = weekly[weekly["w8"] > 0]
    return pd.DataFrame({
        "weeks": each.size(), "full_weeks": each["full"].sum(), "volatility": each["rate"].std(ddof=0),
        "recent_weeks": recent.groupby("person_id", observed=True).size(),
        "trend": _slope(recent, "rate"), "late_trend": _slope(recent, "lateness"),
        "full_longest": runs.max(), "full_running": runs.last(),
    })  # fmt: skip


def _slope(weekly: pd.DataFrame, rate: str) -> pd.Series:
    """Return each person's least-squares slope of a rate over the weeks."""
    each = weekly.groupby("person_id", observed=True)
    week = weekly["week"] - each["week"].transform("mean")
    person = weekly["person_id"]
    above = (week * weekly[rate]).groupby(person, observed=True).sum()
    return above / (week**2).groupby(person, observed=True).sum()


def _weekdays(marks: pd.DataFrame) -> pd.DataFrame:
    sums = marks.groupby(["person_id", "weekday"], observed=True)[["absent", "possible"]].sum()
    rates = (sums["absent"] / sums["possible"])[sums["possible"] > 0].groupby("person_id", observed=True)
    return pd.DataFrame({"weekday_high": rates.max(), "weekday_low": rates.min()})


def _spells(marks: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return runs of absence in possible sessions alone."""
    held = marks.loc[marks["possible"], ["person_id", "date", "pm", "absent"]].sort_values(["person_id", "date", "pm"])
    code = held["person_id"].cat.codes
    held["run"] = ((held["absent"] != held["absent"].shift()) | (code != code.shift())).cumsum()
    runs = held.groupby("run").agg(
        person_id=("person_id", "first"), absent=("absent", "first"), length=("absent", "size"), day=("date", "last")
    )
    away = runs[runs["absent"]].groupby("person_id", observed=True)
    last = runs.groupby("person_id", observed=True)[["absent", "length"]].last()
    found = pd.DataFrame(index=last.index)
    found["spells"] = away.size().reindex(found.index, fill_value=0)
    found["longest"] = away["length"].max().reindex(found.index, fill_value=0)
    found["current"] = last["length"].where(last["absent"], 0)
    found["since"] = last["length"].where(~last["absent"], 0)
    found["days_since"] = (pd.Timestamp(as_of) - away["day"].last()).dt.days
    return found
