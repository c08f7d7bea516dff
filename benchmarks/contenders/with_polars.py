"""The features by Polars' own expressions, one date at a time."""

from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl

from contenders import finish

SESSION = ["person_id", "date", "session"]
absent, possible, late = pl.col("absent"), pl.col("possible"), pl.col("late")


def features(data: Path, days: pd.DataFrame, codes: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the features of everyone with a mark before a date, one row a person."""
    marks = (
        _known(data, as_of)
        .join(_small(days).with_columns(pl.col("date").cast(pl.Date)), on=["school_id", "date"])
        .join(_small(codes), on="code")
        .with_columns(pm=pl.col("session") == "PM")
        .drop("code", "school_id")
        .collect(engine="streaming")
        .lazy()
    )
    parts = pl.collect_all([_counts(marks), _weeks(marks), _weekdays(marks), _spells(marks, as_of)])
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.join(part, on="person_id", how="left")
    return finish.features(whole.to_pandas().set_index("person_id"))


def _small(table: pd.DataFrame) -> pl.LazyFrame:
    """Return a small table to join to the marks, its texts as the marks have them."""
    return pl.from_pandas(table).lazy().with_columns(pl.col(pl.String).cast(pl.Categorical))


def _known(data: Path, as_of: date) -> pl.LazyFrame:
    """Return the marks as they were known before a date: of a corrected one, the latest correction."""
    marks = pl.scan_parquet(data / "attendance.parquet").drop("minutes_late")
    marks = marks.filter((pl.col("date") < as_of) & (pl.col("known_on") < as_of))
    corrected = marks.filter(pl.col("known_on") > pl.col("date")).sort("known_on").unique(SESSION, keep="last")
    on_time = marks.filter(pl.col("known_on") <= pl.col("date")).join(corrected, on=SESSION, how="anti")
    return pl.concat([on_time, corrected]).drop("known_on")


def _counts(marks: pl.LazyFrame) -> pl.LazyFrame:
    windows = [
        (pl.col(kind) & pl.col(window)).sum().alias(f"{kind}_{window}")
        for kind in finish.COUNTED
        for window in finish.WINDOWS
    ]
    kinds = [pl.col(kind).sum() for kind in (*finish.COUNTED, *finish.KINDS)]
    recent = (pl.col("unauthorised") & pl.col("w10")).sum().alias("unauthorised_w10")
    return marks.group_by("person_id").agg(*windows, *kinds, recent, pl.col("left").first())


def _weeks(marks: pl.LazyFrame) -> pl.LazyFrame:
    weekly = (
        marks.group_by("person_id", "week")
        .agg(absent.sum(), possible.sum(), late.sum(), pl.col("w8").first())
        .filter(possible > 0)
        .sort("person_id", "week")
        .with_columns(rate=absent / possible, lateness=late / possible, full=absent == 0)
        .with_columns(run=pl.col("full").not_().cum_sum().over("person_id"))
    )
    recent, week = pl.col("w8"), pl.col("week").cast(pl.Float64)
    runs = weekly.group_by("person_id", "run", maintain_order=True).agg(pl.col("full").sum())
    runs = runs.group_by("person_id").agg(full_longest=pl.col("full").max(), full_running=pl.col("full").last())
    return (
        weekly.group_by("person_id")
        .agg(
            weeks=pl.len(),
            full_weeks=pl.col("full").sum(),
            volatility=pl.col("rate").std(ddof=0),
            recent_weeks=recent.sum(),
            trend=_slope("rate", week, recent),
            late_trend=_slope("lateness", week, recent),
        )
        .join(runs, on="person_id")
    )


def _slope(rate: str, week: pl.Expr, recent: pl.Expr) -> pl.Expr:
    """Return the least-squares slope over the recent weeks."""
    return pl.cov(pl.col(rate).filter(recent), week.filter(recent)) / week.filter(recent).var()


def _weekdays(marks: pl.LazyFrame) -> pl.LazyFrame:
    rates = marks.group_by("person_id", "weekday").agg(absent.sum(), possible.sum()).filter(possible > 0)
    rates = rates.with_columns(rate=absent / possible)
    return rates.group_by("person_id").agg(weekday_high=pl.col("rate").max(), weekday_low=pl.col("rate").min())


def _spells(marks: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """Return runs of absence in possible sessions alone."""
    runs = (
        marks.filter(possible)
        .select("person_id", "date", "pm", "absent")
        .sort("person_id", "date", "pm")
        .with_columns(starts=(absent != absent.shift()) | (pl.col("person_id") != pl.col("person_id").shift()))
        .with_columns(run=pl.col("starts").fill_null(True).cum_sum())
        .group_by("person_id", "run", maintain_order=True)
        .agg(absent.first(), length=pl.len(), last_day=pl.col("date").last())
    )
    length = pl.col("length")
    last = absent.last()
    return runs.group_by("person_id", maintain_order=True).agg(
        spells=absent.sum(),
        longest=length.filter(absent).max().fill_null(0),
        current=pl.when(last).then(length.last()).otherwise(0),
        since=pl.when(last).then(0).otherwise(length.last()),
        days_since=(pl.lit(as_of) - pl.col("last_day").filter(absent).last()).dt.total_days(),
    )
