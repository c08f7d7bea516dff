"""How often late, and whether that changes."""

from earlywarn.features.attendance.of_marks import of_marks
from earlywarn.features.attendance.trend import slope
from earlywarn.features.feature import Feature
from earlywarn.features.history import share

LATENESS: tuple[Feature, ...] = (
    of_marks(
        "late_rate_this_year", "pattern of absence", "share", "Share of possible sessions this year with a late mark",
        lambda h: h.rate("late", h.this_year),
    ),
    of_marks(
        "late_rate_4w", "pattern of absence", "share",
        "Share of possible sessions of the last 4 school weeks with a late mark",
        lambda h: h.rate("late", h.weeks_back(4)),
    ),
    of_marks(
        "late_change_4w", "pattern of absence", "share points",
        "Share of late marks in the last 4 school weeks less that of the year before them",
        lambda h: h.rate("late", h.weeks_back(4)) - h.rate("late", h.this_year, h.weeks_back(4)), risk=0,
    ),
    of_marks(
        "late_trend", "pattern of absence", "share points",
        "Slope of the weekly share of late marks over the last 8 weeks, a week",
        lambda h: slope(share(h.weekly.late[-8:], h.weekly.possible[-8:])), risk=0,
        empty="fewer than four weeks this year",
    ),
)  # fmt: skip
