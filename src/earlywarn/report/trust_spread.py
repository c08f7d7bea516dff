"""How far schools truly differ, and how the tested model's risks were borne out at each.

In:  scores of every school, benchmarks, and the trust's facts of `about.json`.
Out: charts and rows in words. What the overview hides of a school is left out of these, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from earlywarn.benchmarks import Benchmark
from earlywarn.benchmarks.likes import SURE
from earlywarn.benchmarks.record import EVERYONE
from earlywarn.evaluate.shrinkage import Spread, spread_between
from earlywarn.report import svg
from earlywarn.report.about import PackAbout
from earlywarn.report.benchmarks import latest_of
from earlywarn.report.beside import amount, is_share
from earlywarn.report.charts import Chart, Dot, capital, dot_chart
from earlywarn.report.words import known, number, percent

# Of fewer schools, how far schools differ cannot be told from how these happen to.
FEWEST_SCHOOLS = 5
_CALIBRATION = "observed_over_expected"


@dataclass(frozen=True)
class Differ:
    """How far schools truly differ on one measure, in words."""

    measure: str
    lowest: str
    highest: str
    between: str
    interval: str


def trust_facts(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a bundle's `metrics.json` knows of schools and the trust's page shows, small numbers hidden there."""
    rows = [row for row in metrics["by"].get("school", ()) if row["measure"] == _CALIBRATION]
    populations = {row["population"] for row in rows}
    chosen = EVERYONE if EVERYONE in populations else min(populations, default="")
    names = ("group", "value", "low", "high", "n", "status")
    return {"calibration": [{name: row[name] for name in names} for row in rows if row["population"] == chosen]}


def expected_chart(scores: pd.DataFrame, shown: Sequence[str], about: PackAbout) -> Chart | None:
    """Return the expected share of the schools whose counts are shown, highest first; None under two of them."""
    risks = {str(school): risk.to_numpy(np.float64) for school, risk in scores.groupby("school_id")["risk"]}
    sure = [school for school in shown if len(risks[school]) > 1 and np.ptp(risks[school]) > 0]
    if len(sure) < 2:
        return None
    means, errors = (np.array([measure(risks[school]) for school in sure]) for measure in (np.mean, _error))
    spread = spread_between(means, errors)
    ends = zip(sure, spread.values, spread.values_low, spread.values_high, strict=True)
    dots = [_share(about.school(school), float(value), float(low), float(high)) for school, value, low, high in ends]
    says = f"{_how_far(spread, len(sure))} Schools differ in whom they serve: this is not a measure of their work."
    return dot_chart(
        "Expected share with the outcome", says, sorted(dots, key=lambda dot: -(dot.value or 0)), _axis(dots)
    )


def _error(risk: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    return float(risk.std(ddof=1) / np.sqrt(len(risk)))


def _share(name: str, value: float, low: float, high: float) -> Dot:
    words = f"{percent(value)} ({percent(max(low, 0))} to {percent(min(high, 1))})"
    return Dot(name, value, max(low, 0.0), min(high, 1.0), words, class_="model")


def _axis(dots: Sequence[Dot]) -> svg.Axis:
    return svg.axis_for([end for dot in dots for end in (dot.low, dot.high) if end is not None], share=True)


def _how_far(spread: Spread, schools: int) -> str:
    """Say how far the schools differ beyond the chance of whom they have this year."""
    drawn = "Each school's mean risk, drawn towards the others' where it has few pupils, with its 95% interval."
    if schools < FEWEST_SCHOOLS:
        return f"{drawn} How far schools truly differ cannot be told from fewer than {FEWEST_SCHOOLS}."
    points, low, high = (f"{100 * each:.0f}" for each in (spread.between, spread.low, spread.high))
    return (
        f"{drawn} Beyond chance, two schools in three lie within {points} points of {percent(spread.mean)} "
        f"(95% interval of that spread: {low} to {high} points)."
    )


def differences(benchmarks: Sequence[Benchmark]) -> tuple[Differ, ...]:
    """Return, for each measure of five schools or more, how far they truly differ when like is compared with like."""
    latest = [one for one in latest_of(benchmarks) if one.stands is not None]
    measures = sorted(
        dict.fromkeys(one.measure for one in latest), key=lambda each: (each.audience != "register", each.name)
    )
    of_each = [[one for one in latest if one.measure == measure] for measure in measures]
    return tuple(_differ(schools) for schools in of_each if len(schools) >= FEWEST_SCHOOLS)


def _differ(schools: Sequence[Benchmark]) -> Differ:
    measure = schools[0].measure
    apart, errors = _from_all(schools)
    spread = spread_between(apart, errors)
    values = [one.value for one in schools if one.value is not None]
    between, low, high = (_points(each, is_share(measure)) for each in (spread.between, spread.low, spread.high))
    lowest, highest = (amount(measure, each) for each in (min(values), max(values)))
    unit = " points" if is_share(measure) else ""
    return Differ(capital(measure.label), lowest, highest, f"{between}{unit}", f"{low} to {high}{unit}")


def _from_all(schools: Sequence[Benchmark]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return how far each school is from all, itself included, and the standard error of that.

    A benchmark is held against the others alone, which makes a large school's difference larger than its distance
    from the mean of all by as much as the school's share of all.
    """
    people = np.array([one.respondents or 0 for one in schools], np.float64)
    apart = np.array([(one.value or 0) - (one.expected or 0) for one in schools])
    margins = np.array([one.margin or 0 for one in schools])
    others = 1 - people / people.sum()
    return apart * others, margins / stdtrit(people - 1, SURE) * others


def _points(value: float, share: bool) -> str:
    return f"{100 * value:.1f}" if share else f"{value:.2f}"


def calibration_chart(about: PackAbout) -> Chart | None:
    """Return, of each school of the test, how many had the outcome for each who was expected to; None without any."""
    rows: Sequence[Mapping[str, Any]] = about.trust.get("calibration", ())
    if not any(known(row["value"]) for row in rows):
        return None
    dots = [_borne_out(row, about) for row in sorted(rows, key=lambda row: (about.school(row["group"]), row["group"]))]
    held = [end for dot in dots for end in (dot.value, dot.low, dot.high) if end is not None]
    axis = svg.axis_for([min(max(end, 0.5), 2.0) for end in held] + [1.0], share=False)
    says = "By a model that had not seen those dates, with 95% intervals: 1 is as many as expected, 1.2 a fifth more."
    return dot_chart("Had the outcome, for each who was expected to", says, dots, axis)


def _borne_out(row: Mapping[str, Any], about: PackAbout) -> Dot:
    name, value, low, high = about.school(row["group"]), known(row["value"]), known(row["low"]), known(row["high"])
    if value is None:
        return Dot(name, None, None, None, "too few to show")
    if low is None or high is None:
        return Dot(name, value, None, None, number(value, "decimal"))
    side = "more than expected" if low > 1 else "fewer than expected" if high < 1 else "as expected"
    words = f"{side}: {value:.2f} ({low:.2f} to {high:.2f})"
    return Dot(name, value, low, high, words, class_="model" if side == "as expected" else "alarm")
