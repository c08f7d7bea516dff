"""What each school day, and each code, is to the features: small tables that both peers join to the marks."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from contenders.finish import COUNTED, KINDS
from contenders.trust import marks_of
from earlywarn.codes.attendance import load_codes
from earlywarn.terms import SchoolCalendar

FRIDAY, MONDAY = 4, 0


def days_held(data: Path, as_of: date) -> pd.DataFrame:
    """Return the school days of which a mark was known before a date, in order."""
    return duckdb.sql(f"""
        SELECT DISTINCT school_id, date FROM {marks_of(data)}
        WHERE date < DATE '{as_of}' AND known_on < DATE '{as_of}' ORDER BY ALL
    """).df()


def school_days(held: pd.DataFrame, calendars: Mapping[str, SchoolCalendar], as_of: date) -> pd.DataFrame:
    """Return, for each school day, its week and the windows that it lies in."""
    found = held.assign(weekday=held["date"].dt.weekday)
    monday = found["date"] - pd.to_timedelta(found["weekday"], unit="D")
    found["week"] = monday.groupby(found["school_id"]).rank("dense").astype(int) - 1
    ago = found.groupby("school_id")["week"].transform("max") - found["week"]
    for weeks in (2, 4, 6, 8, 10, 12):
        found[f"w{weeks}"] = ago < weeks
    found["first20"] = found.groupby("school_id").cumcount() < 20
    found["friday"], found["monday"] = found["weekday"] == FRIDAY, found["weekday"] == MONDAY
    before = found.groupby("school_id")["date"].diff().dt.days > 6
    after = -found.groupby("school_id")["date"].diff(-1).dt.days > 6
    found["beside"] = before | after
    began = {school: _half_term(calendar, as_of) for school, calendar in calendars.items()}
    found["left"] = found["school_id"].map({school: plan.sessions_left(as_of) for school, plan in calendars.items()})
    found["half"] = found["date"] >= found["school_id"].map(began)
    return found


def codes_of(day: date) -> pd.DataFrame:
    """Return what each code in force on a day counts as."""
    codes = load_codes()
    rows = {row.code: row.number for row in codes.rows if row.valid_on(day)}
    return pd.DataFrame(
        {"code": list(rows)} | {kind: getattr(codes, kind)[list(rows.values())] for kind in (*COUNTED, *KINDS)}
    )


def _half_term(calendar: SchoolCalendar, as_of: date) -> pd.Timestamp:
    before = calendar.days < np.datetime64(as_of)
    running = calendar.half_term[before][-1]
    return pd.Timestamp(calendar.days[before & (calendar.half_term == running)][0])
