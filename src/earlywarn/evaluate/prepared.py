"""What the measures need, added up by cluster once, so that leaving a cluster out costs little.

In:  outcome, risk, probability or list of one contender on one as-of date, and each row's cluster.
Out: frozen parts whose `measures(weights)` take (replicates, clusters) weights of clusters and
     return (replicates,) values of each measure, NaN where not estimable.

The plain versions in `measures`, `calibration` and `places` say what each number means; tests hold the
two together. Three things stay as they are with everyone while clusters are left out: the lists (a
school's list does not depend on other schools), the calibration bins, and the point from which the
calibration line takes its one Newton step.
"""

from dataclasses import dataclass

import numpy as np

from earlywarn.evaluate.brier import parts_of
from earlywarn.evaluate.calibration import BINS, bin_of, log_odds, probability, recalibration, shift, spread
from earlywarn.evaluate.intervals import Clusters
from earlywarn.evaluate.measures import NOT_ESTIMABLE, Bools, Floats, Ints, Labels, add_up, ratios
from earlywarn.evaluate.steps import Steps, steps_of

Values = dict[str, Floats]


@dataclass(frozen=True)
class Ranked:
    """A ranking, as pairs of clusters and as the steps of its precision curve.

    concordant[i, j] counts pairs of a person with the outcome in cluster i and one without in cluster j of
    which the first has the higher risk, ties as half; pairs[i, j] counts all of them. `near` and `near_pairs`
    are the same among people of one school.
    """

    concordant: Floats
    pairs: Floats
    near: Floats
    near_pairs: Floats
    steps: Steps

    def measures(self, weights: Floats) -> Values:
        """Return AUC, within-school AUC and average precision for each replicate."""
        return {
            "auc": ratios(_both(weights, self.concordant), _both(weights, self.pairs)),
            "within_school_auc": ratios(_both(weights, self.near), self.near_mass(weights)),
            "average_precision": self.steps.average_precision(weights),
        }

    def near_mass(self, weights: Floats) -> Floats:
        """Return the number of pairs from the same school, by which dates are pooled."""
        return _both(weights, self.near_pairs)


def rank(outcome: Bools, risk: Floats, clusters: Clusters, school: Labels) -> Ranked:
    """Prepare the measures of a ranking; `school` says whose pairs are near."""
    place = np.unique(risk, return_inverse=True)[1]
    steps = steps_of(outcome, place, clusters.codes, clusters.count)
    concordant = _concordant(outcome, place, clusters.codes, clusters.count)
    pairs = _pairs(outcome, clusters.codes, clusters.count)
    schools = _each(school)
    if clusters.kind == "schools":
        return Ranked(concordant, pairs, np.diag(np.diag(concordant)), np.diag(np.diag(pairs)), steps)
    if len(schools) == 1:
        return Ranked(concordant, pairs, concordant, pairs, steps)
    of_schools = [(outcome[rows], place[rows], clusters.codes[rows]) for rows in schools]
    near = sum((_concordant(*school, clusters.count) for school in of_schools), np.zeros_like(pairs))
    near_pairs = sum((_pairs(y, cluster, clusters.count) for y, _, cluster in of_schools), np.zeros_like(pairs))
    return Ranked(concordant, pairs, near, near_pairs, steps)


def _concordant(outcome: Bools, place: Ints, cluster: Ints, count: int) -> Floats:
    """Count concordant pairs by the clusters of their two people, ties as half."""
    order = np.argsort(place[outcome], kind="stable")
    owner = cluster[outcome][order]
    at_place = np.bincount(place[outcome], minlength=place.max(initial=-1) + 1)
    not_above = np.cumsum(at_place)[place[~outcome]]
    below = not_above - at_place[place[~outcome]]
    counted = np.zeros((count, count))
    by_cluster = np.argsort(cluster[~outcome], kind="stable")
    first = np.r_[0, np.cumsum(np.bincount(cluster[~outcome], minlength=count))]
    for other in range(count):
        rows = by_cluster[first[other] : first[other + 1]]
        # A person without the outcome lies below all with it from `not_above` on, and ties with those before.
        edges = np.concatenate([below[rows], not_above[rows]])
        beaten = np.cumsum(np.bincount(edges, minlength=len(owner) + 1)[: len(owner)]) / 2
        counted[:, other] = add_up(beaten, owner, count)
    return counted


def _pairs(outcome: Bools, cluster: Ints, count: int) -> Floats:
    """Count pairs of one person with and one without the outcome by their clusters."""
    with_outcome = np.bincount(cluster[outcome], minlength=count)
    return np.outer(with_outcome, np.bincount(cluster[~outcome], minlength=count)).astype(np.float64)


def _each(school: Labels) -> list[Bools]:
    return [school == each for each in np.unique(school)]


@dataclass(frozen=True)
class Listed:
    """A list, as sums (clusters,): people, those with the outcome, listed, listed with the outcome."""

    people: Floats
    affected: Floats
    listed: Floats
    found: Floats

    def measures(self, weights: Floats) -> Values:
        """Return what the list is worth in each replicate.

        Counts are rates times the size of the full list, so that their intervals say how many of *these*
        people would have the outcome, not how the size of schools varies.
        """
        people, affected, listed, found = (weights @ each for each in self._sums())
        precision = ratios(found, listed)
        reassured = ratios(affected - found, people - listed)
        return {
            "precision": precision,
            "recall": ratios(found, affected),
            "false_alarms": 1 - precision,
            "false_reassurance": reassured,
            "people_found": _share_of(precision, self.listed.sum()),
            "people_missed": _share_of(reassured, self.people.sum() - self.listed.sum()),
            "listed": np.full(len(weights), self.listed.sum()),
            "base_rate": ratios(affected, people),
        }

    def _sums(self) -> tuple[Floats, ...]:
        return self.people, self.affected, self.listed, self.found


def count_listed(outcome: Bools, listed: Floats, clusters: Clusters) -> Listed:
    """Prepare the measures of a list."""
    return Listed(
        people=_sum(np.ones(len(listed)), clusters),
        affected=_sum(outcome.astype(np.float64), clusters),
        listed=_sum(listed, clusters),
        found=_sum(outcome * listed, clusters),
    )


@dataclass(frozen=True)
class Calibrated:
    """Probabilities, as sums by cluster: squared errors, and what the two recalibrations need.

    counted, observed, expected : (clusters, bins) people, those with the outcome, and as many as were predicted.
    line, level        : the fit with everyone, each with its gradients and curvatures by cluster.
    """

    squared: Floats
    counted: Floats
    observed: Floats
    expected: Floats
    line: "Fit"
    level: "Fit"

    def measures(self, weights: Floats) -> Values:
        """Return Brier score, its parts and calibration for each replicate."""
        counted, observed, expected = (weights @ each for each in (self.counted, self.observed, self.expected))
        people = counted.sum(axis=1)
        brier = ratios(weights @ self.squared, people)
        parts = parts_of(counted, expected, observed, brier)
        return {
            "brier": brier,
            "brier_reliability": parts.reliability,
            "brier_resolution": parts.resolution,
            "brier_uncertainty": parts.uncertainty,
            "calibration_slope": self.line.refit(weights)[:, 1],
            "calibration_intercept": self.level.refit(weights)[:, 0],
            "observed_over_expected": ratios(observed.sum(axis=1), expected.sum(axis=1)),
            "calibration_error": ratios(np.abs(observed - expected).sum(axis=1), people),
        }


@dataclass(frozen=True)
class Fit:
    """A logistic fit with everyone: coefficients (k,), gradients (clusters, k), curvatures (clusters, k, k)."""

    found: Floats
    gradient: Floats
    curvature: Floats

    def refit(self, weights: Floats) -> Floats:
        """Return (replicates, k) coefficients, one Newton step from the fit with everyone."""
        if np.isnan(self.found).any():
            return np.full((len(weights), len(self.found)), NOT_ESTIMABLE)
        gradient = weights @ self.gradient
        curvature = np.tensordot(weights, self.curvature, axes=1)
        solvable = np.linalg.matrix_rank(curvature) == len(self.found)
        moved = np.full(gradient.shape, NOT_ESTIMABLE)
        moved[solvable] = np.linalg.solve(curvature[solvable], gradient[solvable][..., None])[..., 0]
        return np.asarray(self.found + moved)


def calibrate(outcome: Bools, risk: Floats, clusters: Clusters) -> Calibrated:
    """Prepare the measures of probabilities."""
    ones = np.ones(len(risk))
    place = clusters.codes * BINS + bin_of(risk, ones)
    counted, observed, expected = (
        add_up(each, place, clusters.count * BINS).reshape(clusters.count, BINS)
        for each in (ones, ones * outcome, risk)
    )
    odds = log_odds(risk)
    line, level = recalibration(outcome, risk, ones), np.array([shift(outcome, risk, ones)])
    return Calibrated(
        squared=_sum((risk - outcome) ** 2, clusters),
        counted=counted,
        observed=observed,
        expected=expected,
        line=_fit(line, np.column_stack([ones, odds]), line[0] + line[1] * odds, outcome, clusters),
        level=_fit(level, ones[:, None], level[0] + odds, outcome, clusters),
    )


def _fit(found: Floats, design: Floats, odds: Floats, outcome: Bools, clusters: Clusters) -> Fit:
    """Add up gradients and curvatures of a logistic fit by cluster."""
    missed, bend = outcome - probability(odds), spread(odds)
    columns = range(design.shape[1])
    gradient = [_sum(design[:, i] * missed, clusters) for i in columns]
    curvature = [[_sum(design[:, i] * design[:, j] * bend, clusters) for j in columns] for i in columns]
    return Fit(found, np.stack(gradient, axis=-1), np.moveaxis(np.array(curvature), -1, 0))


def _sum(each: Floats, clusters: Clusters) -> Floats:
    return add_up(each, clusters.codes, clusters.count)


def _both(weights: Floats, counted: Floats) -> Floats:
    """Return w' C w for each replicate: pairs of clusters count with the weights of both."""
    return np.asarray(np.einsum("rk,rk->r", weights @ counted, weights))


def _share_of(rate: Floats, size: float) -> Floats:
    return rate * size if size > 0 else np.zeros(len(rate))
