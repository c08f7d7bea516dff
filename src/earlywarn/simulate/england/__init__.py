"""England's published figures, as data: what the simulator is made to match and what it is held against.

bands     enrolments by how much of a year they missed, by phase, free meals, needs, sex and year group
reasons   each code's share of absence
absence   by year, term, week and weekday; between schools; from year to year
staff     who leaves, when, and how many say that they will

Every function returns shares, 0 to 1, or counts of enrolments. Sources and licences: `SOURCES.md`.
"""

from earlywarn.simulate.england.absence import (
    ABSENT_FIRST_DAYS,
    AUTUMN_BY_FREE_MEALS,
    AUTUMN_BY_NEEDS,
    BY_ETHNICITY,
    SPELLS_OF_2_TO_4,
    YEAR_TO_YEAR,
    Annual,
    Spread,
    Week,
    annual,
    autumn_weeks,
    mean_of_group,
    school_spread,
    term_absence,
    term_persistent,
    weekday,
)
from earlywarn.simulate.england.bands import (
    BAND_EDGES,
    REFERENCE_YEAR,
    Cell,
    Phase,
    bands,
    cells,
    persistent,
    severe,
)
from earlywarn.simulate.england.reasons import code_rates, code_shares, common_codes

__all__ = [
    "ABSENT_FIRST_DAYS",
    "AUTUMN_BY_FREE_MEALS",
    "AUTUMN_BY_NEEDS",
    "BAND_EDGES",
    "BY_ETHNICITY",
    "REFERENCE_YEAR",
    "SPELLS_OF_2_TO_4",
    "YEAR_TO_YEAR",
    "Annual",
    "Cell",
    "Phase",
    "Spread",
    "Week",
    "annual",
    "autumn_weeks",
    "bands",
    "cells",
    "code_rates",
    "code_shares",
    "common_codes",
    "mean_of_group",
    "persistent",
    "school_spread",
    "severe",
    "term_absence",
    "term_persistent",
    "weekday",
]
