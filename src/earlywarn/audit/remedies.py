"""What could be done about a gap, and what it would cost: tried on people whom no remedy has seen.

In:  the training rows with the model's scores of them out of fold, and the test rows as `Subjects`.
Out: `Remedy` rows: for each way and group the recall gap that would be left on the main list, with its
     interval, and how many people the list would find in all, beside the model as it is.

Every way is fitted on training rows, what it has to choose is chosen on their folds, and it is judged on the
test rows. Nothing is applied here: a head start is given only where the config asks for it (`audit.head_start`).

- half, whole: the groups that are missed more get a head start in log-odds (the others a lag), chosen on the
  folds so that half of each gap, or the whole, goes: places by group.
- reweighed: training rows weigh so that group and outcome have nothing to do with each other.
  Kamiran and Calders (2012), Knowledge and Information Systems 33, 1-33.
- reduction: Fairlearn's exponentiated gradient under equal recall (true positive rates).
  Agarwal and others (2018), ICML, Proceedings of Machine Learning Research 80, 60-69.
- without: the model without the features that speak least for the group that is missed most.
- with_characteristics: the model that knows the characteristics.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from earlywarn.audit.groups import NOT_RECORDED, TIMES, Strings, group_columns
from earlywarn.audit.measure import FEWEST
from earlywarn.audit.refits import CARRIERS, Learnt, reduced, reweighed, without_carriers
from earlywarn.audit.rows import Key
from earlywarn.audit.subjects import MODEL, Subjects
from earlywarn.config import Fairness
from earlywarn.evaluate.intervals import difference
from earlywarn.evaluate.measures import Bools, Floats, ratios

WAYS: Mapping[str, str] = {
    MODEL: "the model as it is",
    "half": "a head start that makes up half of the gap",
    "whole": "a head start that makes up the whole gap",
    "reweighed": "training rows reweighed",
    "reduction": "trained for equal recall (Fairlearn)",
    "without": "without the features that carry the gap",
    "with_characteristics": "with the characteristics given to the model",
}
STRENGTHS = {"half": 0.5, "whole": 1.0}
_ROUNDS, _STEP, _NEAR = 12, 4.0, 0.005


@dataclass(frozen=True)
class Remedy:
    """What one way of making lists leaves of one group's gap, and how many people the whole list finds.

    gap, gap_low, gap_high : recall of the group less that of the other, with its 95% interval.
    found, places          : people with the outcome on the list, and its places, all groups together.
    more, more_low, more_high : people found more than by the model as it is, with its 95% interval.
    """

    key: Key
    against: str
    gap: float | None
    gap_low: float | None
    gap_high: float | None
    found: float | None
    more: float | None
    more_low: float | None
    more_high: float | None


def try_remedies(
    learnt: Learnt, training: Subjects, test: Subjects, population: str, fairness: Fairness
) -> tuple[Remedy, ...]:
    """Try every way for each single grouping of a list.

    training : the training rows that the folds tested, ranked by the model out of fold.
    test     : the test rows; `ranks` holds the model, and "with_characteristics" where there is such a model.
    """
    found: list[Remedy] = []
    all_labels = group_columns(learnt.people, fairness).labels
    for group_by in test.against:
        if TIMES not in group_by and group_by in training.against:
            for way, ranks in _ways(learnt, all_labels[group_by], training, test, population, group_by):
                found += _judged(test, population, group_by, way, ranks)
    return tuple(found)


def _ways(
    learnt: Learnt, labels: Strings, training: Subjects, test: Subjects, population: str, group_by: str
) -> Iterator[tuple[str, Floats]]:
    """Yield each way and its scores of the test rows; `labels` are the groups of the rows learnt from."""
    yield MODEL, test.ranks[MODEL]
    head_starts = head_starts_of(training, population, group_by)
    for way, strength in STRENGTHS.items():
        yield way, test.ranks[MODEL] + strength * _given(test.groups[group_by], head_starts)
    yield "reweighed", reweighed(learnt, labels)
    yield "reduction", reduced(learnt, labels)
    worst = _missed_most(training, population, group_by)
    if worst is not None and len(learnt.recipe.features) > CARRIERS:
        yield "without", without_carriers(learnt, labels == worst, labels == training.against[group_by])
    if "with_characteristics" in test.ranks:
        yield "with_characteristics", test.ranks["with_characteristics"]


def head_starts_of(training: Subjects, population: str, group_by: str) -> dict[str, float]:
    """Return the log-odds to give each group so that out of fold its recall is that of the group it is compared with.

    A group with fewer than ten people with the outcome gets none: nothing can be learnt from them. Nor do those who
    are not recorded: they are no group that anybody could give places to.
    """
    labels, against = training.groups[group_by], training.against[group_by]
    head_starts = dict.fromkeys(_learnable(training, population, labels, against), 0.0)
    tried = []
    for _ in range(_ROUNDS if head_starts else 0):
        listed = training.listed(training.ranks[MODEL] + _given(labels, head_starts), population)
        wanted = _recall(training, population, listed, labels == against)
        gaps = {group: wanted - _recall(training, population, listed, labels == group) for group in head_starts}
        widest = max(map(abs, gaps.values()))
        tried.append((widest, head_starts))
        if widest < _NEAR:
            break
        # A log-odd more finds about a quarter more of those with the outcome, at most.
        head_starts = {group: head_starts[group] + _STEP * gap for group, gap in gaps.items()}
    # A short list moves in steps: the best of the rounds, the first of equals.
    return min(tried, key=lambda each: each[0])[1] if tried else {}


def _learnable(subjects: Subjects, population: str, labels: Strings, against: str) -> list[str]:
    members = subjects.populations[population] & subjects.outcome
    names, counts = np.unique(labels[members], return_counts=True)
    enough = [name for name, count in zip(names.tolist(), counts, strict=True) if count >= FEWEST]
    return [name for name in enough if name not in (against, NOT_RECORDED)]


def _given(labels: Strings, head_starts: Mapping[str, float]) -> Floats:
    names, codes = np.unique(labels, return_inverse=True)
    return np.array([head_starts.get(name, 0.0) for name in names.tolist()])[codes]


def _recall(subjects: Subjects, population: str, listed: Floats, rows: Bools) -> float:
    affected = rows & subjects.populations[population] & subjects.outcome
    return float(listed[affected].mean()) if affected.any() else 0.0


def _missed_most(training: Subjects, population: str, group_by: str) -> str | None:
    """Return the group with the lowest recall out of fold; None if it is the one that others are compared with."""
    labels, against = training.groups[group_by], training.against[group_by]
    listed = training.listed(training.ranks[MODEL], population)
    groups = [*_learnable(training, population, labels, against), against]
    worst = min(groups, key=lambda group: _recall(training, population, listed, labels == group))
    return None if worst == against else worst


def _judged(test: Subjects, population: str, group_by: str, way: str, ranks: Floats) -> Iterator[Remedy]:
    """Yield what a way is worth to each group of the test rows that can be compared."""
    members, labels, against = test.populations[population], test.groups[group_by], test.against[group_by]
    listed, as_it_is = (test.listed(each, population) for each in (ranks, test.ranks[MODEL]))
    of_all = [_found(test, each, members) for each in (listed, as_it_is)]
    # In people: precision times the places, so that the size of schools does not count as doubt.
    places = float(listed[members].sum())
    more = difference(*(places * ratios(each, test.sums(listed, members)) for each in of_all))
    for group in _learnable(test, population, labels, against):
        sides = [members & (labels == name) for name in (group, against)]
        recalls = [
            ratios(_found(test, listed, rows), test.sums(test.outcome.astype(np.float64), rows)) for rows in sides
        ]
        gap = difference(*recalls)
        key = Key(population, group_by, group, way, "recall")
        found = float(of_all[0][0])
        yield Remedy(key, against, gap.value, gap.low, gap.high, found, more.value, more.low, more.high)


def _found(test: Subjects, listed: Floats, rows: Bools) -> Floats:
    return test.sums(np.asarray(listed * test.outcome, dtype=np.float64), rows)
