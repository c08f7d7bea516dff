"""How small a gain could be seen: with the schools that there are, and with more.

In:  the one comparison's gain, from schools left out in turn.
Out: `power`: the smallest true gain that would be shown four times in five, and how many schools a gain takes.

The smallest gain follows Bloom (1995), Evaluation Review 19, 547-556: (t.975 + t.80) standard errors, Student's t with
one degree of freedom fewer than schools. The standard error is that of these data; of more schools like these it is
taken to shrink with the square root of their number, and what models would learn from more schools is not counted.
"""

from bisect import bisect_left
from collections.abc import Sequence
from math import sqrt

from scipy.special import stdtrit

from earlywarn.study.steps import Step
from earlywarn.study.table import Table, Value

TIMES = (1, 2, 4)
GAINS = (0.002, 0.005, 0.010)
MOST_SCHOOLS = 30_000  # England has fewer
_TITLE = "How small a gain could these data, or more schools, have shown?"
_COLUMNS = {
    "asked": "what the row answers: smallest gain, or schools needed",
    "times": "of a smallest gain: how many times as many schools as these data have",
    "schools": f"schools in the test; empty where it would take more than {MOST_SCHOOLS:,}",
    "gain": "a true gain in AUC that so many schools would show four times in five",
}
_RESTS = (
    "This rests on the standard error of these data: other schools may vary more or less. It shrinks with the square "
    "root of the number of schools; that models learn more from more schools is not counted."
)
_NONE = "Not estimable: it takes the gain in AUC of ten schools or more, with an interval."


def power_table(step: Step | None) -> Table:
    """Return the table from a comparison by AUC; None where there is none."""
    if step is None or step.gain.smallest_shown is None or step.clusters != "schools":
        return Table("power", _TITLE, (_NONE,), _COLUMNS, ())
    schools, error = step.schools, step.gain.smallest_shown / _errors(step.schools)
    rows = (*(_smallest(error, schools, times) for times in TIMES), *(_needed(error, schools, gain) for gain in GAINS))
    return Table("power", _TITLE, _says(rows, schools), _COLUMNS, rows)


def smallest_gain(error: float, schools: int, wanted: int) -> float:
    """Return the smallest gain that `wanted` schools would show four times in five.

    error : standard error of the gain with `schools` schools.

    >>> round(smallest_gain(0.001, 60, 60), 5), round(smallest_gain(0.001, 60, 240), 5)
    (0.00285, 0.00141)
    """
    return error * sqrt(schools / wanted) * _errors(wanted)


def schools_needed(error: float, schools: int, gain: float) -> int | None:
    """Return how many schools it takes to show a gain four times in five; None where it takes more than England has.

    >>> schools_needed(0.001, 60, 0.00285), schools_needed(0.1, 60, 0.001)
    (60, None)
    """
    counts = range(2, MOST_SCHOOLS + 1)
    at = bisect_left(counts, -gain, key=lambda wanted: -smallest_gain(error, schools, wanted))
    return counts[at] if at < len(counts) else None


def _errors(schools: int) -> float:
    """Return how many standard errors a gain must have to be shown four times in five."""
    return float(stdtrit(schools - 1, 0.975) + stdtrit(schools - 1, 0.80))


def _smallest(error: float, schools: int, times: int) -> dict[str, Value]:
    wanted = schools * times
    return {
        "asked": "smallest gain", "times": times, "schools": wanted, "gain": smallest_gain(error, schools, wanted)
    }  # fmt: skip


def _needed(error: float, schools: int, gain: float) -> dict[str, Value]:
    return {"asked": "schools needed", "schools": schools_needed(error, schools, gain), "gain": gain}


def _says(rows: Sequence[dict[str, Value]], schools: int) -> tuple[str, ...]:
    here, *_ = rows
    needed = "; ".join(
        f"{_count(row['schools'])} for a gain of {row['gain']}" for row in rows if row["asked"] == "schools needed"
    )
    return (
        f"With {schools:,} schools, a true gain in AUC of {here['gain']:.4f} would be shown four times in five.",
        f"Schools that it takes to be as sure: {needed}.",
        _RESTS,
    )


def _count(schools: Value) -> str:
    return f"more than {MOST_SCHOOLS:,}" if schools is None else f"{schools:,}"
