"""Does it hold over time? What moved between the cohorts, what fresher data gained, and how the weeks between go.

In:  `cohort_drift`, `earlier_training` and `between_dates` of a training run.
Out: the rows of three small tables, each with its sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from earlywarn.report.contest import POPULATIONS, Gain, gain_words
from earlywarn.report.words import day, difference, number, with_interval


@dataclass(frozen=True)
class DriftRow:
    means: str
    theme: str
    missing_train: str
    missing_test: str
    shift: str
    psi: str


@dataclass(frozen=True)
class Drift:
    words: str
    rows: tuple[DriftRow, ...]


@dataclass(frozen=True)
class Fresher:
    """What the latest school year of training gained; rows of (population, gain in AUC, overlap of the lists)."""

    words: str
    trained_on: str
    left_out: str
    rows: tuple[tuple[str, Gain, str], ...]


@dataclass(frozen=True)
class Between:
    """Accuracy between the dates of the rule; rows of (population, AUC between, on the dates, calibration)."""

    words: str
    dates: str
    rows: tuple[tuple[str, str, str, str], ...]


def drift(facts: Mapping[str, Any]) -> Drift | None:
    """Return the features that moved most between the training rows and the test rows."""
    found = facts.get("cohort_drift")
    if not found:
        return None
    rows = [
        DriftRow(
            one["means"], one["theme"], number(one["missing_train"], "share"), number(one["missing_test"], "share"),
            difference(one["shift"], "decimal"), number(one["psi"]),
        )
        for one in found["rows"]
    ]  # fmt: skip
    return Drift(found["words"], tuple(rows))


def fresher(facts: Mapping[str, Any]) -> Fresher | None:
    """Return what a year's fresher data gained, or the words on why that cannot be said."""
    found = facts.get("earlier_training")
    if not found:
        return None
    gains, overlap = found.get("gains") or {}, found.get("jaccard") or {}
    rows = [
        (title, gain_words(gains[key].get("auc"), "decimal"), with_interval(overlap.get(key), "share"))
        for key, (title, _) in POPULATIONS.items()
        if gains.get(key)
    ]
    return Fresher(found.get("words", ""), _days(found.get("trained_on")), _days(found.get("left_out")), tuple(rows))


def between(facts: Mapping[str, Any]) -> Between | None:
    """Return how the model does between the dates of an `every_weeks` rule."""
    found = facts.get("between_dates")
    if not found:
        return None
    measured = found.get("populations") or {}
    rows = [
        (
            title,
            with_interval(measured[key].get("auc")),
            with_interval(measured[key].get("at_dates_auc")),
            with_interval(measured[key].get("calibration")),
        )
        for key, (title, _) in POPULATIONS.items()
        if measured.get(key)
    ]
    return Between(found.get("words", ""), _days(found.get("dates")), tuple(rows))


def _days(dates: Any) -> str:
    return ", ".join(day(one) for one in dates or ())
