"""How well the model did where outcomes have come: on dates that it was not fitted on.

In:  scores, outcomes and where people stand, of one date.
Out: `Realised` a measure and population; `OfGroup` a group: did what was expected of its people come?

Groups are those of the config's fairness section. What would tell of fewer than five people is hidden, and so is what
would give that away, by the audit's own rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from earlywarn.audit.groups import Strings, group_columns
from earlywarn.audit.measure import LIST_MEASURES, Counts
from earlywarn.audit.rows import Key
from earlywarn.audit.sharing import hidden_keys, tellings
from earlywarn.audit.subjects import EVERYONE, MODEL
from earlywarn.config import Config, Fairness
from earlywarn.disclosure import PERCENTAGE_FROM, is_small
from earlywarn.evaluate.estimate import Estimate
from earlywarn.evaluate.ground import Ground, estimates, grounds_of, replicated
from earlywarn.evaluate.measures import Bools, Floats

MEASURES = ("auc", "precision", "recall", "base_rate", "observed_over_expected", "calibration_slope")
OF_GROUP = ("auc", "recall", "precision", "observed_over_expected")


@dataclass(frozen=True)
class Realised:
    """A measure of one population, now that outcomes have come."""

    population: str
    measure: str
    estimate: Estimate


@dataclass(frozen=True)
class OfGroup:
    """A measure of one group, on the list of everyone; `estimate` is None where it is hidden."""

    group_by: str
    group: str
    measure: str
    estimate: Estimate | None


def realised_performance(
    people: pd.DataFrame, outcome: Bools, rank: Floats, risk: Floats, populations: Mapping[str, Bools], config: Config
) -> tuple[tuple[Realised, ...], tuple[OfGroup, ...]]:
    """Measure the model on one date, for each population, and for each group among everyone.

    people : the frame of a cohort; every row has an outcome. The other arrays are (n,), a row each.
    """
    grounds = grounds_of(
        outcome=outcome,
        school=people["school_id"].to_numpy(str),
        person=people["person_id"].to_numpy(str),
        as_of=people["as_of"].to_numpy(),
        populations=populations,
        places=config.fairness.places,
    )
    measured = tuple(
        one
        for name, ground in grounds.items()
        for one in _of_ground(name, ground, rank[ground.rows], risk[ground.rows])
    )
    return measured, tuple(_of_groups(people, grounds[EVERYONE], rank, risk, config.fairness))


def _of_ground(name: str, ground: Ground, rank: Floats, risk: Floats) -> list[Realised]:
    found = estimates(ground, replicated(ground, rank, ground.listed(rank), risk))
    return [Realised(name, measure, found[measure]) for measure in MEASURES]


def _of_groups(people: pd.DataFrame, ground: Ground, rank: Floats, risk: Floats, fairness: Fairness) -> list[OfGroup]:
    """Measure each group on the lists as they were: a group has no places of its own."""
    listed, outcome = ground.listed(rank), ground.outcome
    labels = group_columns(people, fairness, lambda rows: _too_few(_counts(rows, outcome, listed))).labels
    hidden = _hidden(labels, outcome, listed)
    found = []
    for group_by, each in labels.items():
        for name in sorted(set(each.tolist())):
            mine, key = each == name, _key(group_by, name)
            told = {} if key in hidden else _measured(ground.of(mine), rank[mine], listed[mine], risk[mine])
            unlisted = replace(key, measure="list") in hidden
            shown = [None if unlisted and measure in LIST_MEASURES else told.get(measure) for measure in OF_GROUP]
            found += [OfGroup(group_by, name, *one) for one in zip(OF_GROUP, shown, strict=True)]
    return found


def _measured(ground: Ground, rank: Floats, listed: Floats, risk: Floats) -> dict[str, Estimate]:
    return estimates(ground, replicated(ground, rank, listed, risk))


def _key(group_by: str, group: str) -> Key:
    return Key(EVERYONE, group_by, group, MODEL, "")


def _hidden(labels: Mapping[str, Strings], outcome: Bools, listed: Floats) -> set[Key]:
    """Return which groups are hidden, whole or on the list alone, by the rules of the audit."""
    counts = {
        _key(group_by, name): _counts(each == name, outcome, listed)
        for group_by, each in labels.items()
        for name in set(each.tolist())
    }
    return hidden_keys(counts, tellings(labels))


def _counts(rows: Bools, outcome: Bools, listed: Floats) -> Counts:
    """Count people with and without the outcome, on and off the list; on it is whoever shares its last place, too."""
    seen = listed > 0
    found, in_vain, missed, passed = (
        int((rows & one & other).sum()) for one in (seen, ~seen) for other in (outcome, ~outcome)
    )
    return Counts(
        people=int(rows.sum()),
        with_outcome=found + missed,
        without=in_vain + passed,
        listed=found + in_vain,
        not_listed=missed + passed,
        found=found,
        listed_in_vain=in_vain,
        missed=missed,
        passed_over=passed,
    )


def _too_few(counts: Counts) -> bool:
    """Tell whether someone could be recognised by these numbers."""
    return counts.people < PERCENTAGE_FROM or is_small(counts.with_outcome) or is_small(counts.without)
