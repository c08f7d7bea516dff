"""What answers add within each year group: the same two models, on the people of that year group alone.

In:  the rungs with the answers and without them, as they scored everyone in the test.
Out: `year_groups`, a table by AUC.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from earlywarn.evaluate.measures import Labels
from earlywarn.model.examples import Examples
from earlywarn.study.comparisons import Line, gain_table
from earlywarn.study.ladder import Rung
from earlywarn.study.steps import Field, Scored, Step, by_auc, field_within, hidden_groups
from earlywarn.study.table import Table

_TITLE = "Do answers add more in some year groups than in others?"
_COLUMNS = {"year_group": "0 is reception, 1 to 13; not recorded"}
_NOT_RECORDED = "not recorded"
_DESCRIBES = (
    "The models are the same for all; only who is looked at differs. Where no gain could be shown, people may be few: "
    "intervals that overlap tell no difference between year groups."
)


def year_group_table(examples: Examples, field: Field, scored: Mapping[str, Scored], upper: Rung, lower: Rung) -> Table:
    """Return what one rung adds to the other in each year group; `field` is everyone in the test."""
    labels = _year_groups(examples)
    found = _within(field, labels, {rung.name: scored[rung.name] for rung in (upper, lower)}, upper, lower)
    lines = [Line(step, {"year_group": group}) for group, step in found.items()]
    return gain_table("year_groups", _TITLE, _says(found), lines, _COLUMNS)


def no_year_groups(why: str) -> Table:
    """Return the table where nothing can be said of any year group."""
    return gain_table("year_groups", _TITLE, [why], [], _COLUMNS)


def _year_groups(examples: Examples) -> Labels:
    groups = examples.people["year_group"][examples.test]
    return np.array([_NOT_RECORDED if pd.isna(group) else f"{int(group):02d}" for group in groups.tolist()])


def _within(field: Field, labels: Labels, scored: Mapping[str, Scored], upper: Rung, lower: Rung) -> dict[str, Step]:
    hidden = hidden_groups(labels, field.ground.person, field.ground.outcome)
    found = {}
    for group in np.unique(labels).tolist():
        within = field_within(field, field.name, labels == group, scored, group in hidden)
        found[group.lstrip("0") or "0"] = by_auc(within, upper, lower)
    return found


def _says(found: Mapping[str, Step]) -> Sequence[str]:
    shown = [group for group, step in found.items() if step.gain.claimed]
    looked = [group for group, step in found.items() if step.gain.value is not None]
    if not looked:
        return ("In no year group are there enough people to say anything.",)
    if not shown:
        return f"In none of {len(looked)} year groups could a gain be shown alone.", _DESCRIBES
    return (
        f"The whole interval lies above 0 in {len(shown)} of {len(looked)} year groups ({', '.join(shown)}).",
        _DESCRIBES,
    )
