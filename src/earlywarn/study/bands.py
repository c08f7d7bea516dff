"""How often something happened to those who attended more or less: shares and risk ratios by attendance band.

In:  absence so far (people,), what happened afterwards, groups and schools.
Out: a `BandRow` for each group and band: n, how many, their share, and how many times as likely that is as among
     those of the same group who attended over 95%, with 95% intervals that leave out one school at a time.

This compares pupils as they are. It does not say what would happen to a pupil who attended more: whatever lowers
attendance may also bring about the outcome.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from earlywarn.attendance_bands import BANDS, band_of
from earlywarn.disclosure import HIDDEN, PERCENTAGE_FROM, SHOWN_FROM, Shown, hide, is_small
from earlywarn.evaluate.intervals import Clusters, clusters_of
from earlywarn.evaluate.measures import Bools, Floats, Ints, Labels, ratios
from earlywarn.study.figure import Figure, Scale, figure, missing, sums_without_each
from earlywarn.study.ties import Cell, cell, ties

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
    few_somewhere : whether a school has 1 to 4 of them, or of those to whom it happened, or of the others: what
                    intervals were made from, the numbers without each school, would tell so.
    """

    group_by: str
    group: str
    band: str
    n: int
    happened: int
    share: Figure
    times: Figure
    few_somewhere: bool = False


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


@dataclass(frozen=True)
class Banded:
    """Rows, and the cells among them that tell of each other (`ties`)."""

    rows: tuple[BandRow, ...]
    tied: tuple[set[Cell], ...]


def outcome_by_band(
    absence: Floats, happened: Floats, groups: Mapping[str, Labels], school: Labels, person: Labels
) -> Banded:
    """Return everyone's rows, then those of each group.

    absence  : (people,) share of possible sessions missed, NaN where not known: such people are left out.
    happened : (people,) 1 or 0, NaN where not known: left out, too.
    groups   : name of a column -> (people,) labels.
    """
    known = ~np.isnan(absence) & ~np.isnan(happened)
    band, clusters = band_of(absence[known]), clusters_of(school[known], person[known])
    outcome = happened[known]
    labelled = {EVERYONE: np.full(len(outcome), EVERYONE)} | {name: each[known] for name, each in groups.items()}
    rows = [
        row
        for group_by, labels in labelled.items()
        for group in np.unique(labels).tolist()
        for row in _rows(group_by, str(group), labels == group, band, outcome, clusters)
    ]
    return Banded(tuple(rows), tuple(_tied(labelled, band)))


def few_in_a_band(absence: Floats, happened: Floats) -> bool:
    """Tell whether a number of these people would be hidden: of their bands, or of those to whom it happened."""
    known = ~np.isnan(absence) & ~np.isnan(happened)
    cells = 2 * band_of(absence[known]) + (happened[known] > 0)
    return any(is_small(count) for count in np.bincount(cells).tolist())


def _tied(labelled: Mapping[str, Labels], band: Ints) -> list[set[Cell]]:
    """Return the tied cells; how many people a group or a band has in all may be known from elsewhere."""
    names = np.array(BANDS)[band] if len(band) else np.array([], dtype=np.str_)
    divided = {name: np.char.add(np.char.add(labels.astype(np.str_), "|"), names) for name, labels in labelled.items()}
    return ties(divided, {f"all of {name}": labels for name, labels in labelled.items()})


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
        few = any(_few_somewhere(each) for each in (people[place], affected[place], people[place] - affected[place]))
        yield BandRow(group_by, group, name, n, count, share, times, few)


def _few_somewhere(counted: Floats) -> bool:
    """Tell whether a cluster has 1 to 4 people, of a count with everyone, then without each cluster."""
    own = counted[0] - counted[1:]
    return bool(((own > 0) & (own < SHOWN_FROM)).any())


def _times(shares: Sequence[Floats], place: int, people: tuple[int, int], happened: tuple[int, int]) -> Figure:
    """Return how many times as likely one band is as the best; both need people, and some to whom it happened."""
    if min(people) < FEWEST:
        return missing(f"fewer than {FEWEST} people in one of the two bands", people[1])
    if not all(happened):
        return missing("it happened to nobody in one of the two bands", people[1])
    if place == 0:
        return Figure(1.0, None, None, people[0], "the band that others are compared with")
    return figure(ratios(shares[place], shares[0]), people[1], _RATIO)


def shared_bands(banded: Banded) -> tuple[SharedRow, ...]:
    """Return the rows as they may leave the trust: no count from 1 to 4, and none that others would give away."""
    hidden = _hidden(banded)
    few = {_cell(row) for row in banded.rows if row.few_somewhere}
    return tuple(_shared(row, hidden, few) for row in banded.rows)


def _cell(row: BandRow) -> Cell:
    return cell(row.group_by, f"{row.group}|{row.band}")


def _hidden(banded: Banded) -> set[Cell]:
    """Return the cells to hide: those with small numbers, and what they are tied to."""
    rows = banded.rows
    counts: list[dict[Cell, int]] = [
        {_cell(row): row.n for row in rows},
        {_cell(row): row.happened for row in rows},
        {_cell(row): row.n - row.happened for row in rows},
    ]
    return hide(counts, banded.tied, set())


def _shared(row: BandRow, hidden: set[Cell], few: set[Cell]) -> SharedRow:
    """Return one row; a ratio tells of its band and of the best one, and so is shown where both are."""
    place = (row.group_by, row.group, row.band)
    best = _cell(replace(row, band=BEST))
    if _cell(row) in hidden:
        return SharedRow(*place, HIDDEN, HIDDEN, None, None)
    share = _sealed(row.share) if _cell(row) in few else row.share
    times = _sealed(row.times) if {_cell(row), best} & few else row.times
    return SharedRow(*place, row.n, row.happened, share, None if best in hidden else times)


def _sealed(figure: Figure) -> Figure:
    """Return a number with its interval, but without what the interval was made from."""
    return replace(figure, without_each=())


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
    said = f"{first}: {times.value:.1f} times as likely as of those who attended {BEST}"
    if times.low is None or times.high is None:
        return f"{said}."
    interval = f"95% interval {times.low:.1f} to {times.high:.1f}"
    unsure = times.low <= 1 <= times.high
    return f"{said} ({interval}{'; a difference could not be shown' if unsure else ''})."
