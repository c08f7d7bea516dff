"""Why a gap is there: how much of it is base rates, how much the model, how much silence in the survey.

In:  `Subjects`, and who answered the survey.
Out: `Part` rows for each group's gap in recall and in selection. Base rates, rating and telling apart
     (`moving`) add up to the gap; silence is counted apart from them.

Silence is Kitagawa's two-part division: the gap that there would be if those who answered, those who did not
and those not asked were found alike in both groups, so that only their shares among those with the outcome differ.
Parts say where a gap comes from in the numbers. They do not say who is to blame.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from earlywarn.audit.measure import FEWEST
from earlywarn.audit.moving import Bar, PartName, Parts, bar_of, parts_of_recall, parts_of_selection
from earlywarn.audit.rows import NOT_ESTIMABLE, Key, Status
from earlywarn.audit.subjects import MODEL, Subjects
from earlywarn.evaluate.intervals import UNBOUNDED, summarise
from earlywarn.evaluate.measures import Bools, Floats, ratios


@dataclass(frozen=True)
class Part:
    """One part of a gap, as a difference of two shares.

    n : rows (people on as-of dates) of the group that had the outcome; None if hidden.
    """

    key: Key
    against: str
    part: PartName
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    status: Status
    why: str = ""


def parts_of_gaps(subjects: Subjects, answered: Floats | None = None) -> tuple[Part, ...]:
    """Return the parts of the model's gaps on every list; none where its scores do not rise with the outcome.

    answered : (n,) 1 for people who answered the latest survey wave, 0 for the silent, NaN for those not asked;
               None without a survey.
    """
    found: list[Part] = []
    for population, members in subjects.populations.items():
        outcome = subjects.outcome[members]
        bar = bar_of(subjects, population) if min(outcome.sum(), (~outcome).sum()) >= FEWEST else None
        if bar is None:
            continue
        for key, against in compared_groups(subjects, population):
            ours, theirs = (members & (subjects.groups[key.group_by] == name) for name in (key.group, against))
            found += _parts(bar, key, against, ours, theirs, answered)
    return tuple(found)


def compared_groups(subjects: Subjects, population: str) -> Iterator[tuple[Key, str]]:
    """Yield each group of a list that is compared with another, and the other."""
    members = subjects.populations[population]
    for group_by, against in subjects.against.items():
        for group in np.unique(subjects.groups[group_by][members]).tolist():
            if group != against:
                yield Key(population, group_by, group, MODEL, ""), against


def _parts(bar: Bar, key: Key, against: str, ours: Bools, theirs: Bools, answered: Floats | None) -> Iterator[Part]:
    """Yield the parts of one group's gaps, or why there are none."""
    outcome = bar.subjects.outcome
    n = int((ours & outcome).sum())
    if why := _too_few(outcome, ours, theirs):
        yield Part(replace(key, measure="recall"), against, "base_rates", None, None, None, n, NOT_ESTIMABLE, why)
        return
    recall = dict(parts_of_recall(bar, ours, theirs))
    if answered is not None:
        recall["silence"] = part_of_silence(bar, ours, theirs, answered)
    yield from _told(replace(key, measure="recall"), against, recall, n)
    yield from _told(replace(key, measure="selection"), against, parts_of_selection(bar, ours, theirs), n)


def _too_few(outcome: Bools, ours: Bools, theirs: Bools) -> str:
    """Return why a gap cannot be divided, or ""."""
    counts = [int((rows & kind).sum()) for rows in (ours, theirs) for kind in (outcome, ~outcome)]
    return "" if min(counts) >= FEWEST else f"fewer than {FEWEST} with, or without, the outcome"


def _told(key: Key, against: str, parts: Parts, n: int) -> Iterator[Part]:
    for name, replicated in parts.items():
        found = summarise(replicated, n, n, UNBOUNDED)
        status: Status = "ok" if found.value is not None else NOT_ESTIMABLE
        yield Part(key, against, name, found.value, found.low, found.high, n, status)


def part_of_silence(bar: Bar, ours: Bools, theirs: Bools, answered: Floats) -> Floats:
    """Return the gap in recall, (1 + clusters,), that comes of more silent people among those with the outcome.

    Where a group has fewer than ten of a kind, both are taken to be found like the two together.
    """
    subjects, affected = bar.subjects, bar.subjects.outcome
    kinds = [answered == 1, answered == 0, np.isnan(answered)]
    gap = np.zeros(bar.subjects.clusters.count + 1)
    for kind in kinds:
        sides = [rows & affected & kind for rows in (ours, theirs)]
        shares = [
            ratios(subjects.sums(np.ones(len(affected)), side), subjects.sums(np.ones(len(affected)), rows & affected))
            for side, rows in zip(sides, (ours, theirs), strict=True)
        ]
        gap = gap + (shares[0] - shares[1]) * _found_alike(bar, sides)
    return gap


def _found_alike(bar: Bar, sides: list[Bools]) -> Floats:
    """Return the recall that both groups of one kind are taken to have."""
    few = min(int(side.sum()) for side in sides) < FEWEST
    recalls = [
        ratios(bar.subjects.sums(bar.listed, rows), bar.subjects.sums(np.ones(len(bar.listed)), rows))
        for rows in ([sides[0] | sides[1]] if few else sides)
    ]
    return np.asarray(np.nan_to_num(np.mean(recalls, axis=0)), dtype=np.float64)
