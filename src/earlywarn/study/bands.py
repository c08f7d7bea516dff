"""How often something happened to those who attended more or less: shares and risk ratios by attendance band.

In:  absence so far (people,), what happened afterwards, groups and schools.
Out: a `BandRow` for each group and band: n, how many, their share, and how many times as likely that is as among
     those of the same group who attended over 95%, with 95% intervals that leave out one school at a time.

This compares pupils as they are. It does not say what would happen to a pupil who attended more: whatever lowers
attendance may also bring about the outcome.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from earlywarn.attendance_bands import BANDS, band_of
from earlywarn.disclosure import HIDDEN, PERCENTAGE_FROM, Shown, hide
from earlywarn.evaluate.intervals import Clusters, clusters_of
from earlywarn.evaluate.measures import Bools, Floats, Ints, Labels, ratios
from earlywarn.study.figure import Figure, Scale, figure, missing, sums_without_each

BEST = BANDS[0]
EVERYONE = "everyone"
FEWEST = PERCENTAGE_FROM
_LOGIT = Scale("logit", lambda share: np.log(share / (1 - share)), lambda odds: 1 / (1 + np.exp(-odds)))
_RATIO = Scale("log", np.log, np.exp)


@dataclass(frozen=True)
class BandRow:
    """One group in one band.

    n, happened : people, and how many of them had the outcome.
    share       : 0 to 1.
    times       : how many times as likely as in the best band of the same group; 1 there, without an interval.
    """

    group_by: str
    group: str
    band: str
    n: int
    happened: int
    share: Figure
    times: Figure


@dataclass(frozen=True)
class SharedRow:
    """The same as it may be shared: "c" for small numbers and for what would give them away, and no share of them."""

    group_by: str
    group: str
    band: str
    n: Shown
    happened: Shown
    share: Figure | None
    times: Figure | None


def outcome_by_band(
    absence: Floats, happened: Floats, groups: Mapping[str, Labels], school: Labels, person: Labels
) -> tuple[BandRow, ...]:
    """Return everyone's rows, then those of each group.

    absence  : (people,) share of possible sessions missed, NaN where not known: such people are left out.
    happened : (people,) 1 or 0, NaN where not known: left out, too.
    groups   : name of a column -> (people,) labels.
    """
    known = ~np.isnan(absence) & ~np.isnan(happened)
    band, clusters = band_of(absence[known]), clusters_of(school[known], person[known])
    outcome = happened[known]
    everyone = {EVERYONE: np.full(len(outcome), EVERYONE)}
    labelled = everyone | {name: labels[known] for name, labels in groups.items()}
    return tuple(
        row
        for group_by, labels in labelled.items()
        for group in np.unique(labels).tolist()
        for row in _rows(group_by, str(group), labels == group, band, outcome, clusters)
    )


def _rows(
    group_by: str, group: str, members: Bools, band: Ints, outcome: Floats, clusters: Clusters
) -> Iterator[BandRow]:
    """Yield a group's rows, best band first."""
    people, affected = (
        [sums_without_each(each * (members & (band == place)), clusters) for place in range(len(BANDS))]
        for each in (np.ones(len(outcome)), outcome)
    )
    shares = [ratios(affected[place], people[place]) for place in range(len(BANDS))]
    for place, name in enumerate(BANDS):
        n, count = int(people[place][0]), int(affected[place][0])
        share = figure(shares[place], n, _LOGIT) if n >= FEWEST else missing(f"fewer than {FEWEST} people", n)
        times = _times(shares, place, (int(people[0][0]), n), (int(affected[0][0]), count))
        yield BandRow(group_by, group, name, n, count, share, times)


def _times(shares: Sequence[Floats], place: int, people: tuple[int, int], happened: tuple[int, int]) -> Figure:
    """Return how many times as likely one band is as the best; both need people, and some to whom it happened."""
    if min(people) < FEWEST:
        return missing(f"fewer than {FEWEST} people in one of the two bands", people[1])
    if not all(happened):
        return missing("it happened to nobody in one of the two bands", people[1])
    if place == 0:
        return Figure(1.0, None, None, people[0], "the band that others are compared with")
    return figure(ratios(shares[place], shares[0]), people[1], _RATIO)


def shared_bands(rows: Sequence[BandRow]) -> tuple[SharedRow, ...]:
    """Return the rows as they may leave the trust: no count from 1 to 4, and none that others would give away."""
    hidden = _hidden(rows)
    return tuple(_shared(row, _cell(row) in hidden) for row in rows)


def _cell(row: BandRow) -> str:
    return f"{row.group_by}|{row.group}|{row.band}"


def _hidden(rows: Sequence[BandRow]) -> set[str]:
    """Return the cells to hide: within a column, whoever knows a band's or a group's total can take cells from it."""
    counts: list[dict[str, int]] = [
        {_cell(row): row.n for row in rows},
        {_cell(row): row.happened for row in rows},
        {_cell(row): row.n - row.happened for row in rows},
    ]
    in_line = [{_cell(row) for row in rows if (row.group_by, row.group) == line} for line in _lines(rows)]
    in_band = [
        {_cell(row) for row in rows if (row.group_by, row.band) == (group_by, band)}
        for group_by in dict.fromkeys(row.group_by for row in rows)
        for band in BANDS
        if group_by != EVERYONE
    ]
    return hide(counts, [*in_line, *in_band], set())


def _lines(rows: Sequence[BandRow]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((row.group_by, row.group) for row in rows))


def _shared(row: BandRow, hidden: bool) -> SharedRow:
    place = (row.group_by, row.group, row.band)
    if hidden:
        return SharedRow(*place, HIDDEN, HIDDEN, None, None)
    return SharedRow(*place, row.n, row.happened, row.share, row.times)


def band_sentences(rows: Sequence[BandRow], happened: str) -> tuple[str, ...]:
    """Say of everyone how the bands compare with the best one; `happened` completes "of 100 ..., 12 ...".

    >>> share, times = Figure(0.5, 0.4, 0.6, 90), Figure(5.2, 4.1, 6.6, 90)
    >>> rows = [BandRow("everyone", "everyone", "80% or less", 90, 45, share, times)]
    >>> band_sentences(rows, "were excluded")[0][:60]
    'Of 100 who attended 80% or less, 50 were excluded: 5.2 times'
    """
    return tuple(_sentence(row, happened) for row in rows if row.group_by == EVERYONE and row.share.value is not None)


def _sentence(row: BandRow, happened: str) -> str:
    assert row.share.value is not None
    first = f"Of 100 who attended {row.band}, {100 * row.share.value:.0f} {happened}"
    times = row.times
    if row.band == BEST or times.value is None:
        return f"{first}."
    sure = "" if times.low is None else f" (95% interval {times.low:.1f} to {times.high:.1f})"
    return f"{first}: {times.value:.1f} times as likely as of those who attended {BEST}{sure}."
