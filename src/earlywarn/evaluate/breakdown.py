"""The model's measures by school, year group, date, role or phase: where does it work less well?

In:  the model's risk and probability, what happened, who stands where when, and each row's group of each kind:
     arrays of one row per person and as-of date.
Out: for each kind of group, a row for each population, group and measure, as plain data for `metrics.json`.

A list is a school's, however its people are divided here: a group's precision and recall are those of its people
on the lists that all share. Of a school, and of a group that stands in fewer than ten, intervals leave out groups
of people: they speak of these schools. Fewer than ten people with or without the outcome are "not estimable".

The bundle is shared beyond the school: what may not be shown of small groups is settled in `unshown`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from earlywarn.config import Places
from earlywarn.evaluate.compare import MODEL
from earlywarn.evaluate.estimate import Estimate, plain
from earlywarn.evaluate.ground import EVERYONE, Ground, estimates, grounds_of, replicated
from earlywarn.evaluate.measures import Bools, Floats, Labels
from earlywarn.evaluate.unshown import OUTCOMES, Division, Unshown, divide, hide_groups

FEWEST = 10
LIST_MEASURES = ("precision", "recall")
MEASURES = ("auc", "average_precision", *LIST_MEASURES, "observed_over_expected", "calibration_slope")
SUPPRESSED = "suppressed"


@dataclass(frozen=True)
class _Judged:
    """The model among the people of one population; arrays are (n,)."""

    population: str
    ground: Ground
    risk: Floats
    listed: Floats
    probability: Floats


def breakdowns(
    *,
    outcome: Bools,
    risk: Floats,
    probability: Floats,
    school: Labels,
    person: Labels,
    as_of: Labels,
    populations: Mapping[str, Bools],
    places: Places,
    groups: Mapping[str, Labels],
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each kind of group.

    risk, probability : (n,) float, what the model ranks by and what it predicts.
    groups            : kind -> (n,) str, the group of each row.
    The rest as in `ground.grounds_of`.
    """
    grounds = grounds_of(
        outcome=outcome, school=school, person=person, as_of=as_of, populations=populations, places=places
    )
    rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in groups}
    unshown = {kind: Unshown() for kind in groups}
    # The lists before everyone: who is hidden on a list is hidden there, too, or a difference would tell.
    for name in sorted(grounds, key=lambda name: name == EVERYONE):
        ground = grounds[name]
        judged = _Judged(name, ground, risk[ground.rows], ground.listed(risk[ground.rows]), probability[ground.rows])
        divisions = {
            kind: divide(each[ground.rows], ground.person, ground.outcome, judged.listed)
            for kind, each in groups.items()
        }
        now = hide_groups(divisions, unshown if name == EVERYONE else {})
        unshown = {kind: unshown[kind].and_also(now[kind]) for kind in groups}
        for kind, division in divisions.items():
            rows[kind] += _rows(judged, division, now[kind])
    return rows


def _rows(judged: _Judged, division: Division, unshown: Unshown) -> list[dict[str, Any]]:
    rows = []
    for at in sorted(range(len(division.names)), key=lambda at: _in_order(division.names[at])):
        group = division.names[at]
        found = {} if group in unshown.whole else _estimates(judged, division.code == at, group, division)
        for measure in MEASURES:
            shown = group not in unshown.whole and not (measure in LIST_MEASURES and group in unshown.listed)
            about = {"population": judged.population, "group": group, "contender": MODEL, "measure": measure}
            rows.append(about | (found[measure] if shown else dict(_SUPPRESSED)))
    return rows


_NUMBERS = ("value", "low", "high", "n", "positives", "leave_out")
_SUPPRESSED: Mapping[str, Any] = {**dict.fromkeys(_NUMBERS), "status": SUPPRESSED}


def _estimates(judged: _Judged, chosen: Bools, group: str, division: Division) -> dict[str, dict[str, Any]]:
    """Return each measure of a group that may be shown."""
    ground = judged.ground.of(chosen)
    n, positives = len(ground.outcome), int(ground.outcome.sum())
    nothing = Estimate(None, None, None, n, positives)
    found = dict.fromkeys(MEASURES, nothing)
    if min(division.tables[sort][group] for sort in OUTCOMES) >= FEWEST:
        values = replicated(ground, judged.risk[chosen], judged.listed[chosen], judged.probability[chosen])
        found |= {name: each for name, each in estimates(ground, values).items() if name in MEASURES}
    if division.tables["found"][group] + division.tables["listed_in_vain"][group] < FEWEST:
        found["precision"] = nothing
    return {name: plain(each) | {"leave_out": ground.clusters.kind} for name, each in found.items()}


def _in_order(name: str) -> tuple[bool, int, str]:
    """Return what sorts numbers as numbers, before words."""
    return (not name.isdecimal(), int(name) if name.isdecimal() else 0, name)
