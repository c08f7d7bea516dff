"""What a list is worth to each group, and how sure that is.

In:  the people of one list as one contender listed them (`View`), and each row's group.
Out: for each group a `Measured`: counts, point values, and the values without each cluster
     in turn, from which intervals and gaps are made.

Point values of the list come from Fairlearn's `MetricFrame`; AUC and calibration, which it would
have to take row by row, from `evaluate`. Over several dates people are added up, so that a value is
always its numerator over its denominator; pairs for AUC are of one date.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from fairlearn.metrics import MetricFrame

from earlywarn.audit.groups import Strings
from earlywarn.audit.rows import NOT_ESTIMABLE, AuditRow, Key
from earlywarn.evaluate.intervals import UNBOUNDED, Clusters, leave_one_out, summarise
from earlywarn.evaluate.measures import Bools, Floats, Ints, add_up, base_rate, ratios
from earlywarn.evaluate.places import (
    false_alarms,
    false_reassurance,
    precision_at_places,
    recall_at_places,
    selection_rate,
)
from earlywarn.evaluate.prepared import calibrate, count_listed, rank

FEWEST = 10
# A group that stands in fewer schools says nothing about how other schools would differ.
FEWEST_CLUSTERS = 5

LIST_MEASURES = ("selection", "recall", "precision", "false_alarms", "false_reassurance")
_CALIBRATION = ("calibration_slope", "calibration_intercept")
_BOUNDS = {"observed_over_expected": (0.0, np.inf)} | dict.fromkeys(_CALIBRATION, UNBOUNDED)
# The people a measure is about, and how a reader is told that they are too few.
_ABOUT = {
    "selection": ("people", "people"),
    "base_rate": ("people", "people"),
    "recall": ("with_outcome", "with the outcome"),
    "precision": ("listed", "on the list"),
    "false_alarms": ("listed", "on the list"),
    "false_reassurance": ("not_listed", "not on the list"),
    "auc": ("fewer_kind", "with, or without, the outcome"),
    "observed_over_expected": ("with_outcome", "with the outcome"),
    "calibration_slope": ("fewer_kind", "with, or without, the outcome"),
    "calibration_intercept": ("fewer_kind", "with, or without, the outcome"),
}

Fractions = Mapping[str, tuple[Floats, Floats]]


@dataclass(frozen=True)
class View:
    """The people of one list, one row a person and date, as one contender listed them.

    listed   : (n,) float from 0 to 1, the share in which a person is listed.
    risk     : (n,) float, a probability; None for contenders that give none.
    date, person : (n,) int codes.
    clusters : what intervals leave out in turn.
    """

    outcome: Bools
    listed: Floats
    risk: Floats | None
    date: Ints
    person: Ints
    clusters: Clusters

    def of(self, rows: Bools) -> "View":
        """Return some of the rows, with all the clusters."""
        return View(
            self.outcome[rows],
            self.listed[rows],
            None if self.risk is None else self.risk[rows],
            self.date[rows],
            self.person[rows],
            replace(self.clusters, codes=self.clusters.codes[rows]),
        )


@dataclass(frozen=True)
class Counts:
    """Distinct people, whatever the number of dates on which they stand: what floors and suppression go by."""

    people: int
    with_outcome: int
    without: int
    listed: int
    not_listed: int
    found: int
    listed_in_vain: int
    missed: int
    passed_over: int

    @property
    def fewer_kind(self) -> int:
        """People with or without the outcome, whichever are fewer."""
        return min(self.with_outcome, self.without)


@dataclass(frozen=True)
class Measured:
    """One group's measures.

    values     : measure -> the point value, NaN if there is none.
    replicated : measure -> (1 + clusters,) the value with everyone, then without each cluster.
    fractions  : measure -> its numerator and denominator, each (1 + clusters,).
    variances  : measure -> its variance if people stood alone, each with all their dates; of recall and false alarms.
    """

    n: int
    counts: Counts
    values: Mapping[str, float]
    replicated: Mapping[str, Floats]
    fractions: Fractions
    variances: Mapping[str, float]


def measure_groups(view: View, labels: Strings) -> dict[str, Measured]:
    """Measure every group that stands in the view; `labels` (n,) are the groups of its rows."""
    if len(labels) == 0:
        return {}
    by_group = metric_frame(view, labels)
    return {group: _measured(view.of(labels == group), by_group.loc[group]) for group in np.unique(labels).tolist()}


def metric_frame(view: View, labels: Strings) -> pd.DataFrame:
    """Return the measures of the list by group, from Fairlearn.

    Rows that agree in group, outcome and share listed are one row with a weight: the same values,
    a thousand times faster.
    """
    alike = pd.DataFrame({"group": labels, "outcome": view.outcome, "listed": view.listed})
    table = alike.groupby(["group", "outcome", "listed"]).size().rename("weight").reset_index()
    metrics = {
        "selection": lambda outcome, listed, weight: selection_rate(listed, weight),
        "recall": recall_at_places,
        "precision": precision_at_places,
        "false_alarms": false_alarms,
        "false_reassurance": false_reassurance,
        "base_rate": lambda outcome, listed, weight: base_rate(outcome, weight),
    }
    frame = MetricFrame(
        metrics=metrics,
        y_true=table["outcome"].to_numpy(),
        y_pred=table["listed"].to_numpy(),
        # A frame, not an array: of a single row Fairlearn would lose the dimension.
        sensitive_features=table[["group"]],
        sample_params={name: {"weight": table["weight"].to_numpy(np.float64)} for name in metrics},
    )
    return pd.DataFrame(frame.by_group)


def rows_of(measured: Measured, key: Key) -> list[AuditRow]:
    """Return a row for each measure of a group; the measure in `key` is filled in here."""
    return [_row(measured, replace(key, measure=measure)) for measure in measured.values]


def _row(measured: Measured, key: Key) -> AuditRow:
    """Return one measure with its interval, or the reason why there is none."""
    numerator, denominator = _first(measured.fractions.get(key.measure))
    if why := too_few(key.measure, measured.counts):
        return AuditRow(key, None, None, None, measured.n, numerator, denominator, NOT_ESTIMABLE, why)
    value, low, high = measured.values[key.measure], None, None
    if np.isnan(value):
        why = "the predicted risks part the outcomes without overlap, or are all the same"
        return AuditRow(key, None, None, None, measured.n, numerator, denominator, NOT_ESTIMABLE, why)
    if standing := _stands_in_enough(measured, key.measure):
        found = summarise(measured.replicated[key.measure], measured.n, 0, _BOUNDS.get(key.measure, (0.0, 1.0)))
        low, high = found.low, found.high
    why = "" if low is not None else "no interval: all fared alike" if standing else "no interval: in too few schools"
    return AuditRow(key, value, low, high, measured.n, numerator, denominator, "ok", why)


def too_few(measure: str, counts: Counts) -> str:
    """Return why a measure says nothing about a group, or "".

    >>> too_few("recall", Counts(40, 9, 31, 12, 28, 5, 7, 4, 24))
    'fewer than 10 with the outcome'
    """
    if counts.people < FEWEST:
        return f"fewer than {FEWEST} people"
    about, words = _ABOUT[measure]
    return f"fewer than {FEWEST} {words}" if getattr(counts, about) < FEWEST else ""


def _stands_in_enough(measured: Measured, measure: str) -> bool:
    """Tell whether the people a measure is about stand in enough clusters for an interval."""
    _, whole = measured.fractions.get(measure, measured.fractions["base_rate"])
    return int((whole[0] - whole[1:] > 0).sum()) >= FEWEST_CLUSTERS


def _measured(view: View, of_list: "pd.Series[float]") -> Measured:
    """Return the measures of a view that holds one group."""
    fractions = _fractions(view)
    replicated = {name: ratios(part, whole) for name, (part, whole) in fractions.items()}
    counts = count_people(view)
    if view.risk is not None:
        replicated |= _calibration(view, counts)
    values = {name: float(each[0]) for name, each in replicated.items()}
    values |= {str(name): float(value) for name, value in of_list.items()}
    return Measured(len(view.outcome), counts, values, replicated, fractions, _variances(view))


def _calibration(view: View, counts: Counts) -> dict[str, Floats]:
    """Return slope and intercept without each cluster in turn; NaN without people of both kinds, who show neither."""
    assert view.risk is not None
    if counts.fewer_kind < FEWEST:
        return dict.fromkeys(_CALIBRATION, np.full(view.clusters.count + 1, np.nan))
    found = calibrate(view.outcome, view.risk, view.clusters).measures(leave_one_out(view.clusters.count))
    return {name: found[name] for name in _CALIBRATION}


def _fractions(view: View) -> Fractions:
    """Return numerator and denominator of each measure that is a ratio, without each cluster in turn."""
    weights = leave_one_out(view.clusters.count)
    seen = count_listed(view.outcome, view.listed, view.clusters)
    people, affected, listed, found = (weights @ each for each in (seen.people, seen.affected, seen.listed, seen.found))
    fractions = {
        "selection": (listed, people),
        "recall": (found, affected),
        "precision": (found, listed),
        "false_alarms": (listed - found, listed),
        "false_reassurance": (affected - found, people - listed),
        "base_rate": (affected, people),
    }
    if view.risk is not None:
        fractions["auc"] = _pairs(view, weights)
        expected = add_up(view.risk, view.clusters.codes, view.clusters.count)
        fractions["observed_over_expected"] = (affected, weights @ expected)
    return fractions


def _variances(view: View) -> Mapping[str, float]:
    """Return the variance of recall and false alarms among people, by the linearised ratio.

    source : Cochran (1977), Sampling Techniques, 3rd edition, section 6.4.
    """
    affected, listed = view.outcome.astype(np.float64), view.listed
    fractions = {"recall": (affected * listed, affected), "false_alarms": ((1 - affected) * listed, listed)}
    return {name: _variance(part, whole, view.person) for name, (part, whole) in fractions.items()}


def _variance(part: Floats, whole: Floats, person: Ints) -> float:
    if not (total := whole.sum()):
        return float("nan")
    each = np.bincount(person, part - part.sum() / total * whole)
    return float(each @ each / total**2)


def _pairs(view: View, weights: Floats) -> tuple[Floats, Floats]:
    """Return concordant pairs and all pairs of people of one date, one with and one without the outcome."""
    concordant, pairs = (np.zeros((view.clusters.count, view.clusters.count)) for _ in range(2))
    for date in np.unique(view.date):
        day = view.of(view.date == date)
        assert day.risk is not None
        # Nobody's school is asked for: `near` pairs are not used here.
        ranked = rank(day.outcome, day.risk, day.clusters, np.zeros(len(day.outcome)))
        concordant, pairs = concordant + ranked.concordant, pairs + ranked.pairs
    part, whole = (np.einsum("rk,rk->r", weights @ counted, weights) for counted in (concordant, pairs))
    return np.asarray(part), np.asarray(whole)


def count_people(view: View) -> Counts:
    """Count distinct people; who is tied at the last place is both listed and not."""
    listed, not_listed = view.listed > 0, view.listed < 1
    masks = (
        np.ones(len(listed), dtype=np.bool_), view.outcome, ~view.outcome, listed, not_listed,
        view.outcome & listed, ~view.outcome & listed, view.outcome & not_listed, ~view.outcome & not_listed,
    )  # fmt: skip
    return Counts(*(_distinct(view.person[mask]) for mask in masks))


def _distinct(codes: Ints) -> int:
    """Return how many different people some codes name; faster than sorting them."""
    seen = np.zeros(codes.max(initial=-1) + 1, dtype=np.bool_)
    seen[codes] = True
    return int(seen.sum())


def _first(fraction: tuple[Floats, Floats] | None) -> tuple[float | None, float | None]:
    return (None, None) if fraction is None else (float(fraction[0][0]), float(fraction[1][0]))
