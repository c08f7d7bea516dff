"""From counts to features: the arithmetic that both peers share, on one row a person.

In:  a table of counts, one row a person: `absent`, `possible` and `late` over windows (`absent_w4`), kinds of
     absence, spells, weeks; and the sessions still to come.
Out: the features under earlywarn's names. Those of last year are left out: there is one year of marks.
"""

import numpy as np
import pandas as pd

WINDOWS = ("w2", "w4", "w6", "w12", "half", "first20", "friday", "monday", "pm", "beside")
KINDS = ("authorised", "unauthorised", "illness", "holiday", "suspension", "part_time", "no_reason_yet")
COUNTED = ("possible", "absent", "late")


def features(c: pd.DataFrame) -> pd.DataFrame:
    """Return the features of a table of counts."""
    found = {"absence_rate_this_year": _rate(c.absent, c.possible)}
    for weeks in (2, 4, 6, 12):
        found[f"absence_rate_{weeks}w"] = _rate(c[f"absent_w{weeks}"], c[f"possible_w{weeks}"])
    found["absence_rate_half_term"] = _rate(c.absent_half, c.possible_half)
    for kind in (*KINDS, "late"):
        found[f"{kind}_rate_this_year"] = _rate(c[kind], c.possible)
    return pd.DataFrame({**found, **_changes(c), **_pattern(c), **_runs(c), **_year(c)}, dtype=np.float32)


def _rate(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (part / whole).where(whole > 0)


def _beside_rest(c: pd.DataFrame, kind: str, window: str) -> pd.Series:
    """Return the rate in a window less that outside it."""
    inside, possible = c[f"{kind}_{window}"], c[f"possible_{window}"]
    return _rate(inside, possible) - _rate(c[kind] - inside, c.possible - possible)


def _changes(c: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "absence_change_4w": _beside_rest(c, "absent", "w4"),
        "absence_change_half_term": _beside_rest(c, "absent", "half"),
        "late_rate_4w": _rate(c.late_w4, c.possible_w4),
        "late_change_4w": _beside_rest(c, "late", "w4"),
        "unauthorised_sessions_10w": c.unauthorised_w10,
        "absent_first_20_days": c.absent_first20,
        "possible_sessions_this_year": c.possible,
    }


def _pattern(c: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "friday_excess": _beside_rest(c, "absent", "friday"),
        "monday_excess": _beside_rest(c, "absent", "monday"),
        "afternoon_excess": _beside_rest(c, "absent", "pm"),
        "absence_beside_breaks": _rate(c.absent_beside, c.possible_beside),
        "weekday_spread": c.weekday_high - c.weekday_low,
        "weekly_volatility": c.volatility.where(c.weeks >= 3),
        "weekly_trend": c.trend.where(c.recent_weeks >= 4),
        "late_trend": c.late_trend.where(c.recent_weeks >= 4),
        "full_weeks_share": _rate(c.full_weeks, c.weeks),
    }


def _runs(c: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "spells_this_year": c.spells,
        "longest_spell": c.longest,
        "current_spell": c.current,
        "mean_spell": _rate(c.absent, c.spells),
        "sessions_since_absence": c.since,
        "days_since_absence": c.days_since,
        "full_weeks_running": c.full_running.where(c.weeks > 0),
        "longest_full_weeks": c.full_longest.where(c.weeks > 0),
    }


def _year(c: pd.DataFrame) -> dict[str, pd.Series]:
    whole = c.possible + c.left
    return {
        "year_still_to_come": c.left / whole,
        "needed_to_cross_10": (whole / 10 - c.absent) / c.left,
        "sure_to_cross_10": c.absent * 10 >= whole,
        "safe_below_10": (c.absent + c.left) * 10 < whole,
    }
