"""Places by group, where the config asks for them: a head start in log-odds for those who are missed more.

In:  training rows ranked by models that had not seen them, and the config's `fairness.head_start`.
Out: for each list and group the log-odds to add when people are put in order; the risk itself stays as it is.

How much it takes is chosen as the audit's remedies choose it, on folds of the training rows; what it is worth stands
in the audit, tried on the test rows. It is kept in the bundle's measures, and never given unless the config says so.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from earlywarn.audit.groups import group_columns
from earlywarn.audit.remedies import STRENGTHS, head_starts_of
from earlywarn.audit.subjects import EVERYONE, Subjects
from earlywarn.audit.words import joined, phrase_of
from earlywarn.config import Fairness, HeadStart
from earlywarn.errors import TableError
from earlywarn.evaluate.measures import Floats, Labels

DECIMALS = 6  # the same bytes on every machine


def chosen_head_start(training: Subjects, asked: HeadStart) -> dict[str, Any]:
    """Return the head start of each group on each list, as the bundle keeps it: a group missed less has none."""
    if asked.group_by not in training.groups:
        raise TableError(
            f"fairness.head_start is for {asked.group_by!r}, which these data do not record",
            fix="add the column, or take head_start out of the config",
        )
    apart = [name for name in training.populations if name != EVERYONE] or [EVERYONE]
    strength = STRENGTHS[asked.makes_up]
    lists = {
        name: {group: round(strength * max(given, 0.0), DECIMALS) for group, given in sorted(found.items())}
        for name in apart
        for found in [head_starts_of(training, name, asked.group_by)]
    }
    return {"group_by": asked.group_by, "makes_up": asked.makes_up, "lists": lists}


def head_start_given(kept: Mapping[str, Any] | None, people: pd.DataFrame, lists: Labels, fairness: Fairness) -> Floats:
    """Return the log-odds (n,) to add to each person's score before people are put in order; 0 without a head start.

    kept  : as `chosen_head_start` returned it.
    lists : (n,) the list of each person.
    """
    if not kept:
        return np.zeros(len(people))
    labels = group_columns(people, fairness).labels.get(kept["group_by"])
    if labels is None:
        raise TableError(
            f"this model gives a head start by {kept['group_by']!r}, which these data do not record",
            fix="add the column, or train without fairness.head_start",
        )
    return np.array([
        kept["lists"].get(name, {}).get(group, 0.0) for name, group in zip(lists, labels.tolist(), strict=True)
    ])  # fmt: skip


def who_has_one(kept: Mapping[str, Any] | None, people: str) -> str:
    """Return who stands higher on some list than the score alone would have it, "" for nobody.

    people : what they are called.

    >>> who_has_one({"group_by": "pupil_premium", "lists": {"onset": {"yes": 0.2}, "already": {"yes": 0.0}}}, "pupils")
    'pupils with pupil premium'
    """
    if not kept:
        return ""
    ahead = sorted({group for given in kept["lists"].values() for group, odds in given.items() if odds > 0})
    return joined([f"{people} {phrase_of(kept['group_by'], group)}" for group in ahead]) if ahead else ""
