"""Features of session marks, as plain data: what each is called, means and says when empty.

rates      how much was missed, over which time, for which reason     lateness   how often late
spells     runs of absence, and weeks attended in full                pattern    weekdays, holidays, ups and downs
year       what the rest of the year can still change                 context    beside school, year group and form
"""

from earlywarn.features.attendance.context import CONTEXT
from earlywarn.features.attendance.lateness import LATENESS
from earlywarn.features.attendance.pattern import PATTERN
from earlywarn.features.attendance.rates import RATES
from earlywarn.features.attendance.spells import SPELLS
from earlywarn.features.attendance.year import YEAR
from earlywarn.features.feature import Feature

ATTENDANCE: tuple[Feature, ...] = (*RATES, *LATENESS, *SPELLS, *PATTERN, *YEAR)

__all__ = ["ATTENDANCE", "CONTEXT"]
