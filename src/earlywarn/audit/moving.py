"""The parts of a gap: one group's people moved step by step until they are like the other's.

In:  `Subjects`, one list, and two groups of it.
Out: part -> (1 + clusters,) values that add up to the gap: with everyone, then without each cluster.

People are moved at the same *bar*: the lowest score that each school's list reaches.

rating         moving the group, in log-odds, by what it is under-rated more than the other: one score may mean
               20% for the one and 30% for the other.
base rates     moving it on until as many of it have the outcome as of the other. Whoever had the outcome counts, in
               recall, by how much likelier it would be of them then.
telling apart  what is left: how far the scores spread the group, and where the bars of its schools lie.

It is the idea of Kitagawa (1955), Journal of the American Statistical Association 50, 1168-1194, and Oaxaca
(1973), International Economic Review 14, 693-709, for lists. How far to move is found with everyone and kept while
clusters are left out, as the lists are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import brentq

from earlywarn.audit.subjects import MODEL, Subjects
from earlywarn.evaluate.calibration import probability, recalibration, shift
from earlywarn.evaluate.measures import Bools, Floats, ratios

PartName = Literal["base_rates", "rating", "telling_apart", "silence"]
Parts = Mapping[PartName, Floats]
_FARTHEST = 30.0  # log-odds: farther than anybody stands from anybody


@dataclass(frozen=True)
class Bar:
    """One list, and the scores that it takes.

    odds   : (n,) log-odds that the scores come to among the people of the list; NaN outside it.
    listed : (n,) share in which each is listed.
    bar    : (n,) the lowest odds on the list of each person's school and date; infinite where nobody is listed.
    """

    subjects: Subjects
    odds: Floats
    listed: Floats
    bar: Floats

    def moved(self, rows: Bools, by: float) -> Floats:
        """Return the share (n,) in which each would be listed if some rows were moved by log-odds."""
        return np.where(rows, (self.odds + by >= self.bar).astype(np.float64), self.listed) if by else self.listed


def bar_of(subjects: Subjects, population: str) -> Bar | None:
    """Return the bar of the model's list; None where its scores part the outcomes, or do not rise with them."""
    members, raw = subjects.populations[population], subjects.ranks[MODEL]
    listed = subjects.listed(raw, population)
    start, slope = recalibration(subjects.outcome[members], probability(raw[members]), np.ones(int(members.sum())))
    if not slope > 0:
        return None
    odds = np.where(members, start + slope * raw, np.nan)
    lowest = np.full(int(subjects.unit.max(initial=-1)) + 1, np.inf)
    on_list = members & (listed > 0)
    np.minimum.at(lowest, subjects.unit[on_list], odds[on_list])
    return Bar(subjects, odds, listed, lowest[subjects.unit])


def parts_of_recall(bar: Bar, ours: Bools, theirs: Bools) -> Parts:
    """Return the parts of the gap in recall of some rows to others."""
    happened = bar.subjects.outcome.astype(np.float64)
    move = _move(bar, ours, theirs)
    risk = np.nan_to_num(probability(bar.odds + move.under_rated))
    likelier = np.divide(np.nan_to_num(probability(bar.odds + move.until_alike)), risk, where=risk > 0, out=risk * 0)
    return _parts(bar, ours, theirs, move, happened, happened * likelier)


def parts_of_selection(bar: Bar, ours: Bools, theirs: Bools) -> Parts:
    """Return the parts of the gap in the share listed."""
    everyone = np.ones(len(bar.listed))
    return _parts(bar, ours, theirs, _move(bar, ours, theirs), everyone, everyone)


@dataclass(frozen=True)
class _Move:
    """How far a group is moved, in log-odds.

    under_rated : what its risks lack to be right on average.
    rated       : by what it is under-rated more than the other group.
    until_alike : from the scores as they are until its risk is the other's outcome rate.
    """

    under_rated: float
    rated: float
    until_alike: float


def _move(bar: Bar, ours: Bools, theirs: Bools) -> _Move:
    under_rated, theirs_under_rated = (_under_rated(bar, rows) for rows in (ours, theirs))
    rate = float(bar.subjects.outcome[theirs].mean())
    return _Move(under_rated, under_rated - theirs_under_rated, _until(bar.odds[ours], rate))


def _parts(bar: Bar, ours: Bools, theirs: Bools, move: _Move, weight: Floats, weight_if_alike: Floats) -> Parts:
    """Return the parts of the gap in the share of a weight (outcomes, or people) that is on the list."""
    alike = move.rated + move.until_alike - move.under_rated
    now = _share(bar, ours, weight, bar.listed)
    rated = _share(bar, ours, weight, bar.moved(ours, move.rated))
    like_theirs = _share(bar, ours, weight_if_alike, bar.moved(ours, alike))
    return {
        "base_rates": rated - like_theirs,
        "rating": now - rated,
        "telling_apart": like_theirs - _share(bar, theirs, weight, bar.listed),
    }


def _share(bar: Bar, rows: Bools, weight: Floats, listed: Floats) -> Floats:
    return ratios(bar.subjects.sums(listed * weight, rows), bar.subjects.sums(weight, rows))


def _under_rated(bar: Bar, rows: Bools) -> float:
    """Return how far a group's risks would have to move, in log-odds, to be right on average."""
    return shift(bar.subjects.outcome[rows], probability(bar.odds[rows]), np.ones(int(rows.sum())))


def _until(odds: Floats, mean: float) -> float:
    """Return how far to move log-odds until the mean probability is `mean`, which lies between 0 and 1."""
    return float(brentq(lambda by: probability(odds + by).mean() - mean, -_FARTHEST, _FARTHEST))
