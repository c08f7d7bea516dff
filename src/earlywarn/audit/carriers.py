"""What carries a gap inside the model: which themes, and what a noisier survey would do.

In:  `Subjects`, the tested model, and the values that it scored.
Out: `Carrier` rows: by how much less (or more) log-odds a theme gives the people of a group who had the
     outcome than it gives the others'; `Noise` rows: the group's recall if some of its people had someone else's
     survey answers.

Contributions add up to the score, so their differences add up to the difference of the mean scores.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from earlywarn.audit.groups import TIMES
from earlywarn.audit.measure import FEWEST
from earlywarn.audit.rows import Key
from earlywarn.audit.subjects import MODEL, Subjects
from earlywarn.audit.why import compared_groups
from earlywarn.evaluate.intervals import UNBOUNDED, Clusters, difference, leave_one_out, summarise
from earlywarn.evaluate.measures import Bools, Floats, add_up, ratios
from earlywarn.features.feature import Feature
from earlywarn.model import Model

MOST_EXPLAINED = 4000  # rows: enough for a mean, and tree SHAP is dear
NOISE = (0.5, 1.0)  # shares of a group's people who get the survey answers of another of the group
_SEED = 1
SURVEY = "survey"
_ANSWERED = ("pupil_answered", "staff_answered")

Values = NDArray[np.float32]


@dataclass(frozen=True)
class Explained:
    """A model, what it scored, and the features by which it did: what the reasons of a gap are read from."""

    model: Model
    features: tuple[Feature, ...]
    values: Values


@dataclass(frozen=True)
class Carrier:
    """By how many log-odds more a theme speaks for the group than for the other, among those with the outcome."""

    key: Key
    against: str
    theme: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Noise:
    """The change in a group's recall if a share of its people had the survey answers of another of the group."""

    key: Key
    share: float
    value: float | None
    low: float | None
    high: float | None


def carriers(subjects: Subjects, explained: Explained) -> tuple[Carrier, ...]:
    """Return the themes of every gap, the one that speaks least for the group first."""
    affected = np.flatnonzero(subjects.outcome)
    sample = affected[:: max(1, -(-len(affected) // MOST_EXPLAINED))]
    themes, added = _by_theme(explained, sample)
    found: list[Carrier] = []
    for population, members in subjects.populations.items():
        for key, against in compared_groups(subjects, population):
            labels = subjects.groups[key.group_by][sample]
            ours, theirs = (members[sample] & (labels == name) for name in (key.group, against))
            if min(ours.sum(), theirs.sum()) >= FEWEST:
                found += _carriers(subjects, sample, themes, added, ours, theirs, key, against)
    return tuple(found)


def _by_theme(explained: Explained, sample: NDArray[np.intp]) -> tuple[list[str], Floats]:
    """Return the themes, and what each adds to the log-odds of each person of the sample."""
    added = explained.model.contributions(explained.values[sample])[:, :-1]
    themes = list(dict.fromkeys(_theme(feature) for feature in explained.features))
    place = np.array([themes.index(_theme(feature)) for feature in explained.features])
    return themes, np.stack([added[:, place == each].sum(axis=1) for each in range(len(themes))], axis=1)


def _theme(feature: Feature) -> str:
    return "characteristics" if feature.block == "characteristics" else feature.theme


def _carriers(
    subjects: Subjects, sample: NDArray[np.intp], themes: Sequence[str], added: Floats,
    ours: Bools, theirs: Bools, key: Key, against: str,
) -> list[Carrier]:  # fmt: skip
    """Return the difference of the two groups' means in every theme."""
    clusters = replace(subjects.clusters, codes=subjects.clusters.codes[sample])
    found = []
    for place, theme in enumerate(themes):
        apart = _mean(added[:, place], ours, clusters) - _mean(added[:, place], theirs, clusters)
        said = summarise(apart, int(ours.sum()), 0, UNBOUNDED)
        found.append(Carrier(key, against, theme, said.value, said.low, said.high))
    return sorted(found, key=lambda one: (one.value is None, one.value))


def _mean(each: Floats, rows: Bools, clusters: Clusters) -> Floats:
    """Return (1 + clusters,) means over some rows: with everyone, then without each cluster."""
    codes, weights = clusters.codes[rows], leave_one_out(clusters.count)
    sums = [weights @ add_up(one, codes, clusters.count) for one in (each[rows], np.ones(len(codes)))]
    return ratios(*sums)


def answered(explained: Explained) -> Floats | None:
    """Return who answered the latest wave of their own survey: 1 yes, 0 no, NaN not asked; None without a survey."""
    places = [place for place, one in enumerate(explained.features) if one.name in _ANSWERED]
    return explained.values[:, places[0]].astype(np.float64) if places else None


def noisier(subjects: Subjects, explained: Explained) -> tuple[Noise, ...]:
    """Return what noise in the survey of one group after another would do to its recall; () without a survey."""
    columns = np.flatnonzero([feature.block == SURVEY for feature in explained.features])
    if not len(columns):
        return ()
    found: list[Noise] = []
    for group_by, labels in subjects.groups.items():
        for group in np.unique(labels).tolist() if TIMES not in group_by else ():
            rows = labels == group
            for share in NOISE:
                ranks = _with_noise(subjects, explained, columns, rows, share)
                found += _recall_changes(subjects, ranks, rows, Key("", group_by, group, MODEL, "recall"), share)
    return tuple(found)


def _with_noise(
    subjects: Subjects, explained: Explained, columns: NDArray[np.intp], rows: Bools, share: float
) -> Floats:
    """Return the model's scores with survey answers dealt anew among a share of a group's people, date by date."""
    random = np.random.default_rng(_SEED)
    chosen = np.flatnonzero(rows & (random.random(len(rows)) < share))
    values = explained.values[chosen].copy()
    for date in np.unique(subjects.as_of[chosen]):
        then = np.flatnonzero(subjects.as_of[chosen] == date)
        values[np.ix_(then, columns)] = values[np.ix_(random.permutation(then), columns)]
    ranks = subjects.ranks[MODEL].copy()
    if len(chosen):
        ranks[chosen] = explained.model.raw_score(values)
    return ranks


def _recall_changes(subjects: Subjects, ranks: Floats, rows: Bools, key: Key, share: float) -> Iterator[Noise]:
    """Yield the change in recall on every list on which ten of the group had the outcome."""
    for population, members in subjects.populations.items():
        affected = members & rows & subjects.outcome
        if affected.sum() < FEWEST:
            continue
        whole = subjects.sums(np.ones(len(rows)), affected)
        after, before = (
            ratios(subjects.sums(subjects.listed(each, population), affected), whole)
            for each in (ranks, subjects.ranks[MODEL])
        )
        said = difference(after, before)
        yield Noise(replace(key, population=population), share, said.value, said.low, said.high)
