"""How well a wave was answered, and what careless answers do to its scores.

In:  `Manner` (`surveys.quality`) of everyone who answered; their schools as clusters; each row's wave, or group.
Out: shares with intervals that leave out one school at a time; a scale's mean and alpha with and without the careless.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from earlywarn.disclosure import RESPONDENTS_FROM
from earlywarn.evaluate.intervals import Clusters, among
from earlywarn.evaluate.measures import Floats, Labels, ratios
from earlywarn.study.covariances import Answers, covariances, who_counts
from earlywarn.study.figure import PLAIN, SHARE, UP_TO_ONE, Figure, Scale, figure, missing, sums_without_each
from earlywarn.study.groups import rows_by
from earlywarn.study.reliability import FEWEST_PEOPLE, alpha_of
from earlywarn.surveys.answers import Flags, mean_of_half
from earlywarn.surveys.quality import Manner

_TOO_FEW = f"fewer than {RESPONDENTS_FROM} people"
_TOO_FEW_FOR_ALPHA = f"fewer than {FEWEST_PEOPLE} people"


@dataclass(frozen=True)
class AnswerQuality:
    """How one wave, or one group in it, was answered.

    straight, long_run, contradicting, careless : shares of the people of whom it can be told, 0 to 1.
    skipped      : share of the items asked, 0 to 1.
    out_of_range : number of answers.
    n            : people who answered something.
    """

    straight: Figure
    long_run: Figure
    contradicting: Figure
    careless: Figure
    skipped: Figure
    out_of_range: int
    n: int


@dataclass(frozen=True)
class Change:
    """A number with everyone, and without the careless.

    gap : the second less the first.
    """

    everyone: Figure
    kept: Figure
    gap: Figure


@dataclass(frozen=True)
class Effect:
    """What careless answers do to one scale: to its mean, in the unit of the answers, and to its alpha."""

    mean: Change
    alpha: Change


def answer_quality(manner: Manner, clusters: Clusters) -> AnswerQuality:
    """Return how well some people answered."""
    n = len(manner.given)
    signs = (manner.straight, manner.long_run, manner.contradicting, manner.careless, manner.skipped)
    straight, long_run, contradicting, careless, skipped = (_share(each, clusters) for each in signs)
    return AnswerQuality(straight, long_run, contradicting, careless, skipped, int(manner.out_of_range.sum()), n)


def answer_quality_by(manner: Manner, labels: Labels, clusters: Clusters) -> Mapping[Any, AnswerQuality]:
    """Return the same for each wave, group or school: `labels` (people,) says whose row is whose."""
    return {label: answer_quality(manner.of(rows), among(clusters, rows)) for label, rows in rows_by(labels).items()}


def effect_on_scale(answers: Answers, careless: Answers, clusters: Clusters) -> Effect:
    """Return what leaving out the careless does to a scale.

    answers  : (people, items) of one scale, high as the scale means high; NaN where not given.
    careless : (people,) 1 for who is left out (`Manner.careless`); NaN stays.
    """
    scored = who_counts(answers)
    answers, clusters, kept = answers[scored], among(clusters, scored), careless[scored] != 1
    if kept.sum() < RESPONDENTS_FROM:
        none = missing(_TOO_FEW, int(kept.sum()))
        return Effect(Change(none, none, none), Change(none, none, none))
    return Effect(_means(answers, kept, clusters), _alphas(answers, kept, clusters))


def _share(sign: Answers, clusters: Clusters) -> Figure:
    """Return the mean of what is told of people; not of fewer than ten, whom it could give away."""
    told = ~np.isnan(sign)
    if told.sum() < RESPONDENTS_FROM:
        return missing(_TOO_FEW, int(told.sum()))
    known = sign[told].astype(np.float64)
    return figure(_means_without_each(known, np.ones(len(known)), among(clusters, told)), len(known), SHARE)


def _means_without_each(values: Floats, weight: Floats, clusters: Clusters) -> Floats:
    return ratios(sums_without_each(values * weight, clusters), sums_without_each(weight, clusters))


def _means(answers: Answers, kept: Flags, clusters: Clusters) -> Change:
    scores = mean_of_half(answers.astype(np.float32)).astype(np.float64)
    weights = np.ones(len(scores)), kept.astype(np.float64)
    everyone, without = (_means_without_each(scores, weight, clusters) for weight in weights)
    return _change(everyone, without, len(kept), int(kept.sum()))


def _alphas(answers: Answers, kept: Flags, clusters: Clusters) -> Change:
    if kept.sum() < FEWEST_PEOPLE:
        none = missing(_TOO_FEW_FOR_ALPHA, int(kept.sum()))
        return Change(none, none, none)
    theirs = Clusters(clusters.codes[kept], clusters.count, clusters.kind)
    everyone, without = alpha_of(covariances(answers, clusters)), alpha_of(covariances(answers[kept], theirs))
    return _change(everyone, without, len(kept), int(kept.sum()), UP_TO_ONE)


def _change(everyone: Floats, kept: Floats, n: int, n_kept: int, scale: Scale = PLAIN) -> Change:
    return Change(figure(everyone, n, scale), figure(kept, n_kept, scale), figure(kept - everyone, n))
