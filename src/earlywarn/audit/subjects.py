"""The people of an audit, and how each contender ranks them: what lists can be made from again.

In:  arrays of one row a person and as-of date.
Out: `Subjects`: any contender's list at any length, and what each group found on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from earlywarn.audit.groups import Strings, group_columns, largest_recorded
from earlywarn.config import Fairness, Places
from earlywarn.evaluate.intervals import Clusters, clusters_of, leave_one_out
from earlywarn.evaluate.measures import Bools, Floats, Ints, Labels, add_up
from earlywarn.evaluate.places import listing, places_at_school

EVERYONE, MODEL = "everyone", "model"


@dataclass(frozen=True)
class Subjects:
    """Who is audited.

    groups      : name of a column or pair -> (n,) str, the group of each row.
    against     : name of a column or pair -> the group that others are compared with.
    outcome     : (n,) bool.
    ranks       : contender -> (n,) float; higher is more at risk, on any scale. The model goes by the name "model".
    populations : list -> (n,) bool.
    school      : (n,) any.
    unit        : (n,) int, one a school and as-of date: who competes for the same places.
    as_of       : (n,) dates.
    clusters    : what intervals leave out in turn.
    places      : how many people a school can see.
    """

    groups: Mapping[str, Strings]
    against: Mapping[str, str]
    outcome: Bools
    ranks: Mapping[str, Floats]
    populations: Mapping[str, Bools]
    school: Labels
    unit: Ints
    as_of: Labels
    clusters: Clusters
    places: Places

    def listed(self, risk: Floats, population: str, places: Places | None = None) -> Floats:
        """Return the share (n,) in which each person would be on a list: only its own people compete for its places.

        The list of everyone is as long as the other lists together.
        """
        rows = self.populations[population]
        apart = [each for name, each in self.populations.items() if name != EVERYONE] or [rows]
        lists = apart if population == EVERYONE else [rows]
        at_school = places_at_school(self.unit, places or self.places, lists)
        listed = np.zeros(len(risk))
        listed[rows] = listing(risk[rows], self.unit[rows], at_school[rows])
        return listed

    def sums(self, each: Floats, rows: Bools) -> Floats:
        """Return (1 + clusters,) sums of `each` (n,) over some rows: with everyone, then without each cluster."""
        by_cluster = add_up(each[rows], self.clusters.codes[rows], self.clusters.count)
        return np.asarray(leave_one_out(self.clusters.count) @ by_cluster)


def subjects_of(
    people: pd.DataFrame,
    outcome: Bools,
    ranks: Mapping[str, Floats],
    populations: Mapping[str, Bools],
    fairness: Fairness,
) -> Subjects:
    """Return the people of a frame (person_id, school_id, as_of, and the columns of the groups) as `Subjects`."""
    school = people["school_id"].to_numpy(str)
    labels = group_columns(people, fairness).labels
    return Subjects(
        groups=labels,
        against=_compared_with(labels),
        outcome=outcome,
        ranks=ranks,
        populations=populations,
        school=school,
        unit=people.groupby(["as_of", "school_id"]).ngroup().to_numpy().astype(np.intp),
        as_of=people["as_of"].to_numpy(),
        clusters=clusters_of(school, people["person_id"].to_numpy(str)),
        places=fairness.places,
    )


def as_audited(subjects: Subjects, labels: Mapping[str, Strings]) -> Subjects:
    """Return the people in the groups in which an audit took them: it counts a few not recorded with the largest."""
    return replace(subjects, groups=labels, against=_compared_with(labels))


def _compared_with(labels: Mapping[str, Strings]) -> dict[str, str]:
    found = {group_by: largest_recorded(each) for group_by, each in labels.items()}
    return {group_by: group for group_by, group in found.items() if group is not None}
