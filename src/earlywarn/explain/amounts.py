"""Numbers as a reader says them: "12%", "9 sessions", "4 months".

In:  a value and the unit of its feature; the words of the units, from the wording file.
Out: text. NaN has none and is refused: a value that is not known is not quoted.
"""

import math
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

# The smallest difference from others that is worth a sentence, and still seen once both values are rounded.
SEEN = {"share": 0.01, "share points": 0.02, "percentile": 0.1, "points": 0.5, "yes or no": 0.5, "years": 0.25}
SEEN_COUNT = 1.0
# What divides more from less in a value that stands by itself; 0 for all other units.
MIDDLE = {"yes or no": 0.5, "percentile": 0.5}
LINE = 10  # percent missed that make an absence persistent: who is below is not said to be at it
MIDDLE_SCORE = 5.0  # of a survey scale, 0 to 10


class UnitWords(BaseModel):
    """How an amount is said: `many` holds {number}; `none` and `one` where they differ from it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    many: str
    one: str | None = None
    none: str | None = None


def amount(value: float, unit: str, words: Mapping[str, UnitWords]) -> str:
    """Return a value in words; differences without their sign, which the sentence says.

    >>> units = {"sessions": UnitWords(many="{number} sessions", one="1 session"), "share": UnitWords(many="{number}%")}
    >>> amount(1.0, "sessions", units), amount(0.123, "share", units), amount(0.004, "share", units)
    ('1 session', '12%', '0.4%')
    """
    if math.isnan(value):
        raise ValueError("a value that is not known has no words")
    if unit == "years" and value < 1:
        unit, value = "months", value * 12
    said, number = words[unit], _number(abs(value) if unit in ("share points", "points") else value, unit)
    if number == "0" and said.none is not None:
        return said.none
    if number == "1" and said.one is not None:
        return said.one
    return said.many.format(number=number)


def _number(value: float, unit: str) -> str:
    if unit == "share points":
        return f"{100 * value:.0f}"
    if unit in ("share", "percentile"):
        percent = 100 * min(max(value, 0.0), 1.0)
        if LINE - 0.5 <= percent < LINE:
            return f"{math.floor(10 * percent) / 10:.1f}"
        return f"{percent:.1f}" if 0.05 <= percent < 1 else f"{percent:.0f}"
    if unit == "points":
        return f"{value:.1f}"
    if unit == "years":
        return f"{value:.1f}".removesuffix(".0")
    return f"{max(value, 0.0):,.0f}"
