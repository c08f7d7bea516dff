"""Numbers as words: the one place where a number becomes text on a page.

In:  numbers, dates and estimates (`{"value", "low", "high"}`, None where not estimable).
Out: short British English; None never shows as "None" or "nan".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, Literal

from earlywarn.disclosure import HIDDEN
from earlywarn.evaluate.estimate import NOT_ESTIMABLE

Kind = Literal["share", "decimal", "count"]


@dataclass(frozen=True)
class MeasureWords:
    """How a measure is called and shown: a share as a percentage, a decimal, or a count."""

    label: str
    says: str
    kind: Kind


MEASURES: Mapping[str, MeasureWords] = {
    "base_rate": MeasureWords("Had the outcome", "of everyone in this group", "share"),
    "selection": MeasureWords("Were listed", "of everyone in this group", "share"),
    "listed": MeasureWords("Listed", "people on the lists", "count"),
    "people_found": MeasureWords("Found", "listed, and the outcome came", "count"),
    "people_missed": MeasureWords("Missed", "not listed, and the outcome came", "count"),
    "recall": MeasureWords("Found", "of those with the outcome, listed", "share"),
    "precision": MeasureWords("Right", "of those listed, had the outcome", "share"),
    "false_alarms": MeasureWords("False alarms", "of those listed, did not have the outcome", "share"),
    "false_reassurance": MeasureWords("False reassurance", "of those not listed, had the outcome", "share"),
    "auc": MeasureWords("AUC", "how well people are put in order: 0.5 is a coin, 1 is perfect", "decimal"),
    "within_school_auc": MeasureWords("AUC within schools", "the same, between people of one school", "decimal"),
    "average_precision": MeasureWords("Average precision", "precision over all lengths of list", "decimal"),
    "brier": MeasureWords("Brier score", "mean squared error of the risk: lower is better", "decimal"),
    "brier_reliability": MeasureWords("Brier: reliability", "risks that are not what happened: 0 is best", "decimal"),
    "brier_resolution": MeasureWords("Brier: resolution", "telling people apart: higher is better", "decimal"),
    "brier_uncertainty": MeasureWords("Brier: uncertainty", "how common the outcome is, whatever the model", "decimal"),
    "calibration_error": MeasureWords("Calibration error", "mean distance from what happened, in ten bins", "decimal"),
    "calibration_slope": MeasureWords("Calibration slope", "1 is right; below 1, risks are too extreme", "decimal"),
    "calibration_intercept": MeasureWords("Calibration intercept", "0 is right; below 0, risks are high", "decimal"),
    "observed_over_expected": MeasureWords("Happened over expected", "1 is right; above 1, more happened", "decimal"),
}


def measure_words(name: str) -> MeasureWords:
    """Return how a measure is called; one without words of its own goes by its name.

    >>> measure_words("log_loss").label
    'Log loss'
    """
    return MEASURES.get(name) or MeasureWords(name.replace("_", " ").capitalize(), "", "decimal")


def known(value: object) -> float | None:
    """Return a number that can be shown, or None: missing, not a number, or hidden.

    >>> known(0.5), known(None), known(float("nan")), known("c")
    (0.5, None, None, None)
    """
    if isinstance(value, int | float) and isfinite(value):
        return float(value)
    return None


def number(value: object, kind: Kind = "decimal") -> str:
    """Return a measure's value in its kind.

    >>> number(0.412, "share"), number(0.7849), number(1520, "count"), number(None)
    ('41%', '0.785', '1,520', 'not estimable')
    """
    shown = known(value)
    if shown is None:
        return NOT_ESTIMABLE
    if kind == "share":
        return percent(shown)
    return f"{shown:,.0f}" if kind == "count" else signless_zero(f"{shown:.3f}")


def percent(share: float) -> str:
    """Return a share as a whole percentage; small but not nothing is said so.

    >>> percent(0.416), percent(0.002), percent(0.0), percent(0.998)
    ('42%', 'under 1%', '0%', 'over 99%')
    """
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return signless_zero(f"{100 * share:.0f}") + "%"


def signless_zero(shown: str) -> str:
    """Return the text with a true minus sign, and none before a zero.

    >>> signless_zero("-0.000"), signless_zero("-0.120")
    ('0.000', '−0.120')
    """
    return shown.removeprefix("-") if not shown.strip("-0.") else shown.replace("-", "−")


def with_interval(estimate: Mapping[str, Any] | None, kind: Kind = "decimal") -> str:
    """Return an estimate with its 95% interval, or what can be said of it.

    >>> with_interval({"value": 0.78, "low": 0.74, "high": 0.81})
    '0.780 (0.740 to 0.810)'
    >>> with_interval({"value": 0.5, "low": None, "high": None}, "share")
    '50%'
    """
    if estimate is None or known(estimate.get("value")) is None:
        return HIDDEN if estimate and estimate.get("status") == "suppressed" else NOT_ESTIMABLE
    value = number(estimate["value"], kind)
    return f"{value} ({interval})" if (interval := interval_words(estimate, kind)) else value


def value_and_interval(estimate: Mapping[str, Any] | None, kind: Kind = "decimal") -> tuple[str, str]:
    """Return an estimate and its interval apart, for a cell that shows one above the other."""
    shown = with_interval(estimate, kind)
    interval = interval_words(estimate, kind) if estimate else ""
    return (shown.removesuffix(f" ({interval})"), interval) if shown.endswith(")") else (shown, "")


def interval_words(estimate: Mapping[str, Any], kind: Kind = "decimal") -> str:
    """Return "0.740 to 0.810", or nothing where there is no interval."""
    low, high = known(estimate.get("low")), known(estimate.get("high"))
    return "" if low is None or high is None else f"{number(low, kind)} to {number(high, kind)}"


def difference(value: object, kind: Kind) -> str:
    """Return a difference with its sign: points for shares, three decimals otherwise.

    >>> difference(0.031, "decimal"), difference(-0.07, "share"), difference(None, "share")
    ('+0.031', '−7.0 points', 'not estimable')
    """
    shown = known(value)
    if shown is None:
        return NOT_ESTIMABLE
    text = signless_zero(f"{100 * shown:.1f}" if kind == "share" else f"{shown:.3f}")
    sign = "+" if shown > 0 and text.strip("0.") else ""
    return f"{sign}{text} points" if kind == "share" else f"{sign}{text}"


def per_hundred(value: object) -> str:
    """Return a share of people as people in every 100, of any sign.

    >>> per_hundred(0.0472), per_hundred(-0.031), per_hundred(None)
    ('4.7', '−3.1', 'not estimable')
    """
    shown = known(value)
    return NOT_ESTIMABLE if shown is None else signless_zero(f"{100 * shown:.1f}")


def per_hundred_interval(estimate: Mapping[str, Any]) -> str:
    """Return "4.1 to 5.2", or nothing where there is no interval."""
    low, high = known(estimate.get("low")), known(estimate.get("high"))
    return "" if low is None or high is None else f"{per_hundred(low)} to {per_hundred(high)}"


def difference_interval(gain: Mapping[str, Any], kind: Kind) -> str:
    """Return the interval of a difference, or nothing: "+0.010 to +0.051"."""
    low, high = known(gain.get("low")), known(gain.get("high"))
    if low is None or high is None:
        return ""
    return f"{difference(low, kind).removesuffix(' points')} to {difference(high, kind)}"


def in_ten(risk: float) -> str:
    """Return a risk as a person would say it.

    >>> in_ten(0.41), in_ten(0.02), in_ten(0.97)
    ('about 4 in 10', 'fewer than 1 in 10', 'more than 9 in 10')
    """
    if risk < 0.05:
        return "fewer than 1 in 10"
    if risk > 0.95:
        return "more than 9 in 10"
    return f"about {max(1, min(9, int(10 * risk + 0.5)))} in 10"


def day(when: date | str) -> str:
    """Return a date in words.

    >>> day("2026-11-06")
    '6 November 2026'
    """
    found = date.fromisoformat(when) if isinstance(when, str) else when
    return f"{found.day} {found:%B %Y}"


def counted(count: int, one: str, many: str) -> str:
    """Return "1 pupil" or "12 pupils".

    >>> counted(1, "pupil", "pupils"), counted(1200, "pupil", "pupils")
    ('1 pupil', '1,200 pupils')
    """
    return f"{count:,} {one if count == 1 else many}"
