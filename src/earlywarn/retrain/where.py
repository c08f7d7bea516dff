"""For whom is the challenger better or worse than the champion: by group and by school.

In:  a `Pair`, the columns of the groups, and what the challenger's own audit and report hide of small groups.
Out: a row a group: the share of those with the outcome whom each version's lists find, and the difference with its
     interval. Shareable: a group with a number of 1 to 4 behind it is hidden, with those that would give it away.

Lists are a school's, however its people are divided here. Differences are in whole percentages, so that no person can
be counted from them. A difference counts as shown only where an interval that allows for the number of groups, or of
schools, lies on one side of 0 (Bonferroni).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import stdtrit

from earlywarn.audit.groups import Strings, group_columns
from earlywarn.audit.measure import View, count_people
from earlywarn.audit.rows import Key
from earlywarn.audit.sharing import hidden_in_report, hidden_keys, tellings
from earlywarn.bundle.read import Bundle
from earlywarn.config import Fairness
from earlywarn.disclosure import is_small
from earlywarn.evaluate.breakdown import FEWEST, SUPPRESSED
from earlywarn.evaluate.compare import MODEL, gain_of
from earlywarn.evaluate.estimate import NOT_ESTIMABLE
from earlywarn.evaluate.ground import EVERYONE, Ground, replicated
from earlywarn.evaluate.intervals import Gain
from earlywarn.evaluate.measures import Bools, Floats
from earlywarn.evaluate.unshown import divide
from earlywarn.retrain.comparison import CHAMPION, Pair

SCHOOL = "school_id"
DECIMALS = 2
Labels = Mapping[str, Strings]
Row = dict[str, Any]


@dataclass(frozen=True)
class _Lists:
    """Who stands on the lists of everyone: version -> (n,) the share in which each person is listed."""

    ground: Ground
    listed: Mapping[str, Floats]


def labels_of_groups(pair: Pair, fairness: Fairness) -> dict[str, Strings]:
    """Return the group of each row in every group and pair that the config audits, and its school."""

    def recognisable(rows: Bools) -> bool:
        """Tell whether those not recorded are so few that someone could be recognised from their numbers."""
        sides = np.where(rows, "these", "others")
        divided = [divide(sides, lists.ground.person, lists.ground.outcome, each) for each in lists.listed.values()]
        return any(is_small(table.get("these", 0)) for each in divided for table in each.tables.values())

    lists = _lists(pair)
    return {**group_columns(pair.people, fairness, recognisable).labels, SCHOOL: pair.rows["school"]}


def where(pair: Pair, labels: Labels, challenger: Bundle) -> tuple[Row, ...]:
    """Return the rows of every kind of group, schools last."""
    lists = _lists(pair)
    hidden = _hidden(lists, labels, challenger)
    shown_groups = [
        (kind, group) for kind, each in labels.items() for group in np.unique(each) if (kind, group) not in hidden
    ]
    schools = sum(kind == SCHOOL for kind, _ in shown_groups)
    family = {kind: schools if kind == SCHOOL else len(shown_groups) - schools for kind in labels}
    return tuple(row for kind, groups in labels.items() for row in _rows(lists, kind, groups, hidden, family[kind]))


def _lists(pair: Pair) -> _Lists:
    ground = pair.grounds()[EVERYONE]
    said = {MODEL: pair.challenger, CHAMPION: pair.champion}
    return _Lists(ground, {version: ground.listed(each.raw) for version, each in said.items()})


def _hidden(lists: _Lists, labels: Labels, challenger: Bundle) -> set[tuple[str, str]]:
    """Return the groups (kind, group) that may not be shown: of either version, or in the challenger's own papers."""
    counts, ground = {}, lists.ground
    person = np.unique(ground.person, return_inverse=True)[1]
    for version, listed in lists.listed.items():
        view = View(ground.outcome, listed, None, ground.date, person, ground.clusters)
        for kind, groups in labels.items():
            for group in np.unique(groups).tolist():
                counts[Key(EVERYONE, kind, group, version, "")] = count_people(view.of(groups == group))
    hidden = hidden_keys(counts, tellings(labels), _hidden_elsewhere(challenger))
    return {(key.group_by, key.group) for key in hidden}


def _hidden_elsewhere(bundle: Bundle) -> set[Key]:
    """Return what a bundle's audit and report hide, whole: two pages that hide different groups would tell both."""
    suppressed = [row for row in bundle.audit.get("rows", ()) if row["status"] == SUPPRESSED]
    audited = {
        Key(row["population"], row["group_by"], row["group"], "", "") for row in suppressed if row["contender"] == MODEL
    }
    told = hidden_in_report(bundle.metrics.get("by") or {})
    return audited | {replace(key, contender="", measure="") for key in told}


def _rows(lists: _Lists, kind: str, groups: Strings, hidden: set[tuple[str, str]], comparisons: int) -> list[Row]:
    return [
        {"kind": kind, "group": name}
        | (dict(_SUPPRESSED) if (kind, name) in hidden else _measured(lists, groups == name, comparisons))
        for name in np.unique(groups).tolist()
    ]


_SUPPRESSED: Mapping[str, Any] = {
    **dict.fromkeys(("n", "positives", "champion", "challenger", "difference", "low", "high")),
    "shown": "",
    "status": SUPPRESSED,
}


def _measured(lists: _Lists, chosen: Bools, comparisons: int) -> Row:
    """Return the share of those with the outcome whom each version finds, and how far they differ."""
    here = lists.ground.of(chosen)
    n, positives = len(here.outcome), int(here.outcome.sum())
    if len(np.unique(here.person[here.outcome])) < FEWEST:
        return {**_SUPPRESSED, "n": n, "positives": positives, "status": NOT_ESTIMABLE}
    ours, theirs = (
        replicated(here, each, each, None) for each in (lists.listed[name][chosen] for name in (MODEL, CHAMPION))
    )
    gain = gain_of("recall", ours, theirs)
    return {
        "n": n,
        "positives": positives,
        "champion": _rounded(float(theirs["recall"][0])),
        "challenger": _rounded(float(ours["recall"][0])),
        "difference": _rounded(gain.value),
        "low": _rounded(gain.low),
        "high": _rounded(gain.high),
        "shown": shown(gain, here.clusters.count, comparisons),
        "status": "ok",
    }


def shown(gain: Gain, clusters: int, comparisons: int) -> str:
    """Return "better" or "worse" where an interval that allows for so many comparisons leaves out 0, else "".

    >>> shown(Gain(-0.10, -0.15, -0.05, 0.07), 40, 1), shown(Gain(-0.06, -0.11, -0.01, 0.07), 40, 12)
    ('worse', '')
    """
    if gain.value is None or gain.high is None:
        return ""
    alone, together = (float(stdtrit(clusters - 1, 1 - 0.025 / number)) for number in (1, max(comparisons, 1)))
    margin = (gain.high - gain.value) * together / alone
    if abs(gain.value) <= margin:
        return ""
    return "better" if gain.value > 0 else "worse"


def _rounded(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else round(value, DECIMALS) + 0.0
