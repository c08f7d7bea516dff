"""The contest: the model beside every contender on the same people, for each population.

In:  facts of a training run (`populations`, `gains`, `contenders`, `calibration_curve`).
Out: frozen sections that the model report loops over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from earlywarn.report import svg
from earlywarn.report.charts import Chart, Dot, capital, dot_chart
from earlywarn.report.words import (
    Kind,
    difference,
    difference_interval,
    known,
    measure_words,
    number,
    percent,
    value_and_interval,
    with_interval,
)

POPULATIONS: Mapping[str, tuple[str, str]] = {
    "everyone": ("Everyone", "One ranking of all, as long as both lists together."),
    "onset": ("Those who may cross the line", "The early warning: people below the line on the day."),
    "already": ("Those already over the line", "People at or above the line on the day."),
}
UNCONSTRAINED = "unconstrained"
_DIRECTIONS = "The model may not go against a known direction of risk, such as from more absence to less risk."
ONE_LIST = "One ranking of all."
_SHOWN_OF_MODEL = (
    "base_rate", "recall", "precision", "false_alarms", "false_reassurance", "within_school_auc", "average_precision",
    "brier", "brier_reliability", "brier_resolution", "brier_uncertainty",
    "calibration_slope", "calibration_intercept", "observed_over_expected", "calibration_error",
)  # fmt: skip


@dataclass(frozen=True)
class Gain:
    """What the model adds over one contender in one measure, in words."""

    value: str
    interval: str
    verdict: str
    class_: str


@dataclass(frozen=True)
class ContenderRow:
    name: str
    cells: tuple[tuple[str, str], ...]
    gains: tuple[Gain, ...]


@dataclass(frozen=True)
class MeasureRow:
    label: str
    says: str
    value: str
    n: str
    positives: str


@dataclass(frozen=True)
class Curve:
    drawing: Markup
    points: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Contest:
    """One population's part of the report."""

    key: str
    title: str
    says: str
    chart: Chart
    rows: tuple[ContenderRow, ...]
    measures: tuple[MeasureRow, ...]
    curve: Curve | None
    constraints: str


def contests(facts: Mapping[str, Any]) -> tuple[Contest, ...]:
    """Return a section for each population that the run measured."""
    return tuple(_contest(facts, key) for key in POPULATIONS if facts["populations"].get(key))


def contender_names(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return every contender in words, the model first: a file that was read again has its keys in order."""
    names: Mapping[str, str] = facts["contenders"]
    return {"model": names["model"], **names}


def _contest(facts: Mapping[str, Any], population: str) -> Contest:
    measured = facts["populations"][population]
    names = {key: name for key, name in contender_names(facts).items() if key in measured}
    gains = facts.get("gains", {}).get(population, {})
    rows = [_row(name, measured[key], None if key == "model" else gains.get(key, {})) for key, name in names.items()]
    title, says = POPULATIONS[population]
    if len(facts["populations"]) == 1:
        says = ONE_LIST
    return Contest(
        population, title, says, _auc_chart(names, measured), tuple(rows), _of_model(measured["model"]),
        _curve(population, facts.get("calibration_curve", {}).get(population) or ()),
        _constraints(gains.get(UNCONSTRAINED, {}).get("auc")),
    )  # fmt: skip


def _auc_chart(names: Mapping[str, str], measured: Mapping[str, Any]) -> Chart:
    dots = []
    for key, name in names.items():
        auc = measured[key].get("auc") or {}
        value, low, high = (known(auc.get(part)) for part in ("value", "low", "high"))
        dots.append(Dot(capital(name), value, low, high, with_interval(auc), class_="model" if key == "model" else ""))
    says = "AUC with its 95% interval. 0.5 is no better than a coin; 1 would put everyone in the right order."
    return dot_chart("How well each puts people in order", says, dots)


def _row(name: str, measures: Mapping[str, Any], gains: Mapping[str, Any] | None) -> ContenderRow:
    cells = [value_and_interval(measures.get(key), measure_words(key).kind) for key in ("auc", "recall", "precision")]
    if gains is None:
        return ContenderRow(capital(name), tuple(cells), ())
    found = [gain_words(gains.get(key), measure_words(key).kind) for key in ("auc", "recall")]
    return ContenderRow(capital(name), tuple(cells), tuple(found))


def gain_words(gain: Mapping[str, Any] | None, kind: Kind) -> Gain:
    """Return a gain with its verdict: shown, the reverse shown, or the smallest that could have been."""
    value = difference(gain.get("value"), kind) if gain else difference(None, kind)
    if gain is None or known(gain.get("value")) is None:
        return Gain(value, "", "", "")
    interval = difference_interval(gain, kind)
    if gain.get("claimed"):
        return Gain(value, interval, "shown", "good")
    if (high := known(gain.get("high"))) is not None and high < 0:
        return Gain(value, interval, "the model does worse", "bad")
    smallest = known(gain.get("smallest_shown"))
    could = f" (smallest these data could have shown: {difference(smallest, kind)})" if smallest is not None else ""
    return Gain(value, interval, f"not shown{could}", "")


def _constraints(gain: Mapping[str, Any] | None) -> str:
    """Return what it costs that the model may not go against what the catalogue says of risk."""
    if gain is None or known(gain.get("value")) is None:
        return ""
    high, low = known(gain.get("high")), known(gain.get("low"))
    cost = f"AUC {difference(gain['value'], 'decimal')} ({difference_interval(gain, 'decimal')})"
    if high is not None and high < 0:
        return f"{_DIRECTIONS} That costs it accuracy: {cost}."
    if low is not None and low > 0:
        return f"{_DIRECTIONS} That makes it better on new people: {cost}."
    return f"{_DIRECTIONS} That costs it nothing that could be shown: {cost}."


def _of_model(measures: Mapping[str, Any]) -> tuple[MeasureRow, ...]:
    rows = []
    for key in _SHOWN_OF_MODEL:
        if (estimate := measures.get(key)) is not None:
            words = measure_words(key)
            n, positives = (number(estimate.get(part), "count") for part in ("n", "positives"))
            rows.append(MeasureRow(words.label, words.says, with_interval(estimate, words.kind), n, positives))
    return tuple(rows)


def _curve(population: str, bins: Any) -> Curve | None:
    points = [(float(one["risk"]), float(one["observed"])) for one in bins]
    if not points:
        return None
    described = "; ".join(f"predicted {percent(risk)}, happened {percent(observed)}" for risk, observed in points)
    title = "What was predicted and what happened"
    drawing = svg.curve(f"curve-{population}", title, described, points, ("predicted", "happened"))
    counts = [number(one["n"], "count") for one in bins]
    return Curve(drawing, tuple((percent(x), percent(y), n) for (x, y), n in zip(points, counts, strict=True)))
