"""What a comparison with other trusts says: higher, lower, or no difference that could be shown.

In:  `Placed`.
Out: words and numbers of one measure, and what stands out among several.
"""

from collections.abc import Sequence

from earlywarn.audit.words import joined
from earlywarn.report.charts import capital
from earlywarn.report.words import counted, signless_zero
from earlywarn.study.placing import Placed

_NONE = "–"


def side_of(one: Placed) -> str:
    """Return "higher" or "lower" where the 95% interval, as it is shown, lies on one side of 0, else "".

    >>> side_of(Placed("the trust", "m", "calm", "out of 10", difference=-0.3, low=-0.5, high=-0.1))
    'lower'
    >>> side_of(Placed("the trust", "m", "calm", "out of 10", difference=-0.3, low=-0.5, high=-0.001))
    ''
    """
    if one.low is None or one.high is None:
        return ""
    low, high = (_points(one, end) for end in (one.low, one.high))
    return "higher" if low > 0 else "lower" if high < 0 else ""


def in_short(placed: Sequence[Placed]) -> tuple[str, tuple[str, ...]]:
    """Return what stands out among the measures: a sentence, and one for each side on which something does."""
    compared = [one for one in placed if one.difference is not None]
    if not compared:
        return "Nothing can be compared: no other trust tells of enough people like these.", ()
    sides = {side: [one for one in compared if side_of(one) == side] for side in ("higher", "lower")}
    if not any(sides.values()):
        measures = "the one measure" if len(compared) == 1 else f"any of {len(compared)} measures"
        return f"No difference could be shown in {measures}.", ()
    counts = joined([f"{side} in {len(found)}" for side, found in sides.items() if found])
    told = tuple(_told(side, found) for side, found in sides.items() if found)
    return f"Of {counted(len(compared), 'measure', 'measures')}, {counts}.", told


def _told(side: str, placed: Sequence[Placed]) -> str:
    return f"{capital(side)}: {'; '.join(f'{one.label}, {_in_words(one)}' for one in placed)}."


def _in_words(one: Placed) -> str:
    value, interval = difference(one)
    return f"{value} {'points' if one.unit == 'share' else 'points of 10'} ({interval})"


def amount(one: Placed, value: float | None) -> str:
    """Return a mean in its unit."""
    if value is None:
        return _NONE
    return f"{100 * value:.1f}%" if one.unit == "share" else f"{value:.1f}"


def difference(one: Placed) -> tuple[str, str]:
    """Return the difference in points, and its interval.

    >>> difference(Placed("the trust", "m", "absence", "share", difference=-0.022, low=-0.043, high=0.0002))
    ('−2.2', '−4.3 to 0.0')
    >>> difference(Placed("the trust", "m", "absence", "share"))
    ('–', '')
    """
    if one.difference is None:
        return _NONE, ""
    shown = [each for each in (one.difference, one.low, one.high) if each is not None]
    value, *ends = (_signed(_points(one, each), _digits(one)) for each in shown)
    return value, " to ".join(ends)


def _points(one: Placed, value: float) -> float:
    """Return a difference in points, as exact as it is shown."""
    return round(100 * value if one.unit == "share" else value, _digits(one))


def _digits(one: Placed) -> int:
    return 1 if one.unit == "share" else 2


def _signed(points: float, digits: int) -> str:
    text = signless_zero(f"{points:.{digits}f}")
    return f"+{text}" if points > 0 else text


def verdict_of(one: Placed) -> str:
    """Say on which side of the others a measure lies, or why that cannot be said."""
    if one.difference is None:
        return "too few have others like them" if one.others else "no other trust tells of this"
    return side_of(one) or "no difference could be shown"


def place(one: Placed) -> str:
    """Say how many of the others are lower."""
    if one.percentile is not None:
        return f"about {one.percentile:.0f} of 100 schools"
    return f"{one.below} of {counted(one.of, 'trust', 'trusts')}" if one.of else _NONE
