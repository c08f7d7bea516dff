"""What one model adds to another on people whom neither has learnt from.

In:  the examples, rungs and the settings of the trees, which are the same for all: what differs is what they know.
Out: `Step`s: a measure with and without what a rung adds, on the same people, with all schools and then without each in
     turn; from these the gain and its interval, which leaves out the same schools for both.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import Config
from earlywarn.disclosure import PERCENTAGE_FROM, hide, is_small
from earlywarn.evaluate.compare import LOWER_IS_BETTER
from earlywarn.evaluate.ground import EVERYONE, Ground, grounds_of, replicated
from earlywarn.evaluate.held_out import rows_on_test
from earlywarn.evaluate.intervals import Gain, difference
from earlywarn.evaluate.measures import Bools, Floats, Labels
from earlywarn.evaluate.prepared import Values
from earlywarn.evaluate.unshown import OUTCOMES, divide
from earlywarn.features.feature import Feature
from earlywarn.model.calibrate import fit_calibration
from earlywarn.model.examples import Examples
from earlywarn.model.folds import Fold
from earlywarn.model.lists import ONSET, populations_of
from earlywarn.model.recipe import Trees, names_of
from earlywarn.study.ladder import Rung

Name = TypeVar("Name")

# Which features each tree may look at is drawn by lot. A rung is the mean of some fits, so that two rungs differ by
# what they know and less by luck: three make the interval of a gain narrower by a fifth to a half.
FITS = 3

POPULATIONS = (EVERYONE, ONSET)
# How a measure is called here, and by those that take it.
MEASURES = {"auc": "auc", "average_precision": "average_precision", "brier": "brier", "people_found": "recall"}


@dataclass(frozen=True)
class Scored:
    """What one rung says of the test rows: by what it ranks them, and how likely it holds the outcome to be."""

    rank: Floats
    probability: Floats | None


@dataclass(frozen=True)
class Field:
    """The people of one population, or group, and what each rung is worth among them.

    values : rung -> measure -> (1 + clusters,) the measure with all schools, then without each.
    hidden : whether they are too few for their numbers to be shown.
    """

    name: str
    ground: Ground
    values: Mapping[str, Values]
    hidden: bool


@dataclass(frozen=True)
class Step:
    """What one rung adds to another for one population and measure.

    upper, lower : (1 + clusters,) the measure with what the rung adds and without it, as in `Field`.
    n, positives : test rows, and those with the outcome.
    clusters     : what was left out in turn: schools, or groups of people.
    hidden       : whether these are too few people to be shown.
    """

    population: str
    rung: str
    over: str
    measure: str
    upper: Floats
    lower: Floats
    n: int
    positives: int
    schools: int
    clusters: str
    hidden: bool = False

    @property
    def without_each(self) -> Floats:
        """Return the gain with all schools, then without each; above 0 is better, of the Brier score, too."""
        better, worse = (self.lower, self.upper) if self.measure in LOWER_IS_BETTER else (self.upper, self.lower)
        return better - worse

    @cached_property
    def gain(self) -> Gain:
        """Return the gain; nothing of people who are too few to be shown."""
        if self.hidden:
            return Gain(None, None, None, None)
        return difference(self.without_each, np.zeros_like(self.without_each))


def scored_by(examples: Examples, rung: Rung, recipe: Trees, folds: Sequence[Fold] = ()) -> Scored:
    """Fit one rung to the training rows and score the test rows; with folds also as a calibrated probability."""
    fitted = replace(recipe, features=rung.features)
    train, happened = known_on(examples, rung.features, examples.training), examples.then.outcome[examples.training] > 0
    test = known_on(examples, rung.features, examples.test)
    raw = np.mean([once.fit(train, happened).raw_score(test) for once in fits_of(fitted)], axis=0)
    if not folds:
        return Scored(raw, None)
    calibration = fit_calibration(fitted.out_of_fold(train, happened, folds), happened)
    return Scored(raw, calibration.apply(raw))


def fits_of(recipe: Trees) -> tuple[Trees, ...]:
    """Return the recipe with the seeds of a rung's fits."""
    return tuple(replace(recipe, seed=recipe.seed + number) for number in range(FITS))


def known_on(examples: Examples, features: Sequence[Feature], rows: Bools) -> NDArray[np.float32]:
    """Return some features of some rows, and no copy of the others: a study's matrix is large."""
    column = {name: at for at, name in enumerate(examples.matrix.names)}
    columns = np.array([column[name] for name in names_of(features)], np.intp)
    return np.asarray(examples.matrix.values[np.ix_(np.flatnonzero(rows), columns)])


def fields_of(
    examples: Examples, scored: Mapping[str, Scored], config: Config, populations: Sequence[str] = POPULATIONS
) -> tuple[Field, ...]:
    """Return what every rung is worth in those of the populations that the config's outcome has."""
    rows = rows_on_test(examples, config)
    grounds = grounds_of(**rows)
    return tuple(
        Field(name, ground, _values(ground, scored, _lists(ground, scored)), _is_hidden(name, rows))
        for name in populations
        if (ground := grounds.get(name)) is not None
    )


def field_asked(examples: Examples, scored: Mapping[str, Scored], config: Config) -> Field:
    """Return what every rung's ranking is worth in the study's population; among everyone if the outcome lacks it."""
    asked = config.study.population if config.study.population in populations_of(examples.matrix, config) else EVERYONE
    ranked = {rung: replace(one, probability=None) for rung, one in scored.items()}
    (found,) = fields_of(examples, ranked, config, (asked,))
    return found


def field_within(field: Field, name: str, chosen: Bools, scored: Mapping[str, Scored], hidden: bool) -> Field:
    """Return some of a field's people, on the lists that were made of all of them; `chosen` is of the field's rows."""
    ground = field.ground.of(chosen)
    lists = {rung: listed[chosen] for rung, listed in _lists(field.ground, scored).items()}
    return Field(name, ground, _values(ground, scored, lists), hidden)


def steps(field: Field, rung: str, over: str) -> tuple[Step, ...]:
    """Return what one rung adds to another by every measure that both have."""
    ours, theirs, ground = field.values[rung], field.values[over], field.ground
    n, positives, schools = len(ground.outcome), int(np.sum(ground.outcome)), len(np.unique(ground.school))
    return tuple(
        Step(
            field.name, rung, over, name, ours[key], theirs[key], n, positives, schools, ground.clusters.kind,
            field.hidden,
        )
        for name, key in MEASURES.items()
        if key in ours and key in theirs
    )  # fmt: skip


def by_auc(field: Field, upper: Rung, lower: Rung) -> Step:
    """Return what one rung adds to another by AUC."""
    (found,) = (step for step in steps(field, upper.name, lower.name) if step.measure == "auc")
    return found


def largest_shown(gains: Mapping[Name, Gain]) -> Name | None:
    """Return whose gain is the largest, if its whole interval lies above 0.

    >>> largest_shown({"effort": Gain(0.02, 0.01, 0.03, 0.014), "belonging": Gain(0.01, 0.005, 0.015, 0.007)})
    'effort'
    """
    known = {name: gain.value for name, gain in gains.items() if gain.value is not None}
    best = max(known, key=known.__getitem__, default=None)
    return best if best is not None and gains[best].claimed else None


def hidden_groups(labels: Labels, person: Labels, outcome: Bools) -> Collection[str]:
    """Return the groups of which no number may be shown, where the number of all people together is known.

    A group is hidden with under ten people, or with one to four who had the outcome, or had it not; and another with it
    where the total would give it away.
    """
    divided = divide(labels, person, outcome, np.zeros(len(outcome)))
    tables, every = divided.some(OUTCOMES), set(divided.names)
    if any(is_small(sum(table.values())) for table in tables):
        return every
    few = {name for name in divided.names if sum(table[name] for table in tables) < PERCENTAGE_FROM}
    return hide(tables, [every], few)


def _is_hidden(population: str, rows: Mapping[str, Any]) -> bool:
    """Tell whether a population is too small to be shown, alone or taken from everyone."""
    outcome = rows["outcome"]
    labels = np.where(rows["populations"][population], population, "the others")
    return population in hidden_groups(labels, rows["person"], outcome)


def _lists(ground: Ground, scored: Mapping[str, Scored]) -> dict[str, Floats]:
    """Return the share in which each person of a ground is on each rung's list."""
    return {rung: ground.listed(one.rank[ground.rows]) for rung, one in scored.items()}


def _values(ground: Ground, scored: Mapping[str, Scored], lists: Mapping[str, Floats]) -> dict[str, Values]:
    """Return what each rung is worth on a ground; `lists` are of the ground's people."""
    return {
        rung: replicated(
            ground, one.rank[ground.rows], lists[rung],
            None if one.probability is None else one.probability[ground.rows],
        )
        for rung, one in scored.items()
    }  # fmt: skip
