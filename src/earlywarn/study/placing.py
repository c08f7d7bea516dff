"""Where a trust, and each of its schools, stands beside other trusts once like is compared with like.

In:  benchmark files: one's own and others'; the groups of each school from the table that is for the trust alone.
Out: `Placed`: one's own mean, what the others would have with people mixed as one's own are, the difference with its
     95% interval, and a place.

People alike are those of the narrowest groups of `benchmark_cells.LIKES` in which at least nine in ten of one's own
people have others like them: the others' means, weighted by one's own numbers (direct standardisation: Fleiss, Levin
and Paik 2003, *Statistical Methods for Rates and Proportions*, chapter 19). How unsure the difference is comes from
how much single people differ, and from how much schools do.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from scipy.special import ndtr, stdtrit

from earlywarn.audit.groups import TIMES
from earlywarn.disclosure import RESPONDENTS_FROM
from earlywarn.study.benchmark_cells import LIKES
from earlywarn.study.benchmark_file import BenchmarkFile, FileMeasure

MOST = 0.9  # of one's own people must have others like them
TRUST = "the trust"

Group = tuple[str, ...]


@dataclass(frozen=True)
class Mean:
    """People of one group: how many, their mean, and their standard deviation."""

    n: int
    mean: float
    sd: float


Mix = Mapping[Group, Mean]


@dataclass(frozen=True)
class Placed:
    """One measure of the trust or of a school beside the others; None where it cannot be said.

    who         : `TRUST`, or the school's id.
    compared_by : the columns that say who is alike; "" where too few have others like them.
    n, value    : one's own people with others like them, and their mean.
    expected    : the mean of the others, mixed as these people are.
    difference  : value less expected; `low`, `high`: its 95% interval.
    others      : files that hold the measure.
    below, of   : of so many that can be mixed so, how many have a lower mean.
    percentile  : of a school: of 100 schools elsewhere with as many people like these, so many would be lower.
    """

    who: str
    measure: str
    label: str
    unit: str
    compared_by: str = ""
    n: int | None = None
    value: float | None = None
    expected: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    others: int = 0
    below: int | None = None
    of: int | None = None
    percentile: float | None = None


@dataclass(frozen=True)
class _Matched:
    """Groups that both sides have: the columns, and of each group one's own people and the others'."""

    by: Group
    pairs: tuple[tuple[Group, Mean, Mean], ...]

    @property
    def n(self) -> int:
        return sum(mine.n for _, mine, _ in self.pairs)


def place_trust(mine: BenchmarkFile, others: Sequence[BenchmarkFile]) -> tuple[Placed, ...]:
    """Place each of the trust's measures beside the other trusts'."""
    found = []
    for measure in mine.measures:
        theirs = _same(measure, others)
        matched = _match({by: _mix(measure, by) for by in LIKES}, theirs, _whole(measure))
        found.append(_place(TRUST, measure, theirs, matched, mine.schools))
    return tuple(found)


def place_schools(
    mine: BenchmarkFile, others: Sequence[BenchmarkFile], schools: Mapping[str, Mapping[str, tuple[Group, Mix]]]
) -> tuple[Placed, ...]:
    """Place each school: school -> measure -> the columns that say who is alike, and its people by group."""
    measures = {measure.name: measure for measure in mine.measures}
    found = []
    for school, told in schools.items():
        for name, (columns, mix) in told.items():
            whole = sum(each.n for each in mix.values())
            if name in measures and whole >= RESPONDENTS_FROM:
                theirs = _same(measures[name], others)
                matched = _match(_wider(columns, mix), theirs, whole)
                found.append(_place(school, measures[name], theirs, matched, 1))
    return tuple(found)


def _same(measure: FileMeasure, others: Sequence[BenchmarkFile]) -> list[FileMeasure]:
    """Return the others' same measure, in the same unit."""
    return [each for file in others for each in file.measures if (each.name, each.unit) == (measure.name, measure.unit)]


def _mix(measure: FileMeasure, by: Group) -> Mix:
    return {cell.group: Mean(cell.n, cell.mean, cell.sd) for cell in measure.cells if cell.by == by}


def _whole(measure: FileMeasure) -> int:
    """Return how many people the measure has in all; 0 where that is not told."""
    return next((cell.n for cell in measure.cells if not cell.by), 0)


def _wider(columns: Group, mix: Mix) -> dict[Group, Mix]:
    """Return a school's people in its own groups, and in every wider division of people alike."""
    found: dict[Group, Mix] = {}
    for by in LIKES:
        if set(by) <= set(columns):
            parts: dict[Group, list[Mean]] = defaultdict(list)
            for group, mean in mix.items():
                parts[tuple(group[columns.index(name)] for name in by)].append(mean)
            found[by] = {group: _pooled(each) for group, each in parts.items()}
    return found


def _pooled(parts: Iterable[Mean]) -> Mean:
    """Return several groups as one.

    >>> _pooled([Mean(2, 1.0, 0.0), Mean(2, 3.0, 0.0)])
    Mean(n=4, mean=2.0, sd=1.1547005383792515)
    """
    every = list(parts)
    n = sum(each.n for each in every)
    mean = sum(each.n * each.mean for each in every) / n
    squares = sum((each.n - 1) * each.sd**2 + each.n * (each.mean - mean) ** 2 for each in every)
    return Mean(n, mean, sqrt(squares / (n - 1)) if n > 1 else 0.0)


def _match(mixes: Mapping[Group, Mix], theirs: Sequence[FileMeasure], whole: int) -> _Matched | None:
    """Return the narrowest division in which nearly everyone has others like them; None without one."""
    for by in LIKES:
        elsewhere: dict[Group, list[Mean]] = defaultdict(list)
        for measure in theirs:
            for group, mean in _mix(measure, by).items():
                elsewhere[group].append(mean)
        mine = mixes.get(by, {})
        matched = _Matched(by, tuple((g, m, _pooled(elsewhere[g])) for g, m in mine.items() if g in elsewhere))
        if matched.n and matched.n >= MOST * whole:
            return matched
    return None


def _place(
    who: str, measure: FileMeasure, theirs: Sequence[FileMeasure], matched: _Matched | None, schools: int
) -> Placed:
    if matched is None:
        return Placed(who, measure.name, measure.label, measure.unit, others=len(theirs))
    n = matched.n
    value, expected = (sum(pair[0].n * pair[at].mean for pair in _means(matched)) / n for at in (0, 1))
    people = sum((mine.n / n) ** 2 * (mine.sd**2 / mine.n + them.sd**2 / them.n) for mine, them in _means(matched))
    between, elsewhere = _between(theirs)
    low = high = percentile = None
    if between is not None:
        error = sqrt(people + between**2 * (1 / schools + 1 / elsewhere))
        margin = float(stdtrit(elsewhere - 1, 0.975)) * error
        low, high = value - expected - margin, value - expected + margin
        if who != TRUST and error > 0:
            percentile = 100 * float(ndtr((value - expected) / error))
    standardised = list(_standardised(matched, theirs))
    return Placed(
        who, measure.name, measure.label, measure.unit, TIMES.join(matched.by), n, value, expected, value - expected,
        low, high, len(theirs), sum(each < value for each in standardised), len(standardised), percentile,
    )  # fmt: skip


def _means(matched: _Matched) -> Iterator[tuple[Mean, Mean]]:
    return ((mine, them) for _, mine, them in matched.pairs)


def _between(theirs: Sequence[FileMeasure]) -> tuple[float | None, int]:
    """Return how far schools elsewhere differ, over all files that say so, and how many schools these are."""
    told = [each.spread for each in theirs if each.spread is not None]
    schools = sum(each.schools for each in told)
    if not told:
        return None, 0
    return sqrt(sum(each.schools * each.sd**2 for each in told) / schools), schools


def _standardised(matched: _Matched, theirs: Sequence[FileMeasure]) -> Iterator[float]:
    """Yield the mean of each other trust with one's own mix, where it has nearly all of the groups."""
    for measure in theirs:
        mix = _mix(measure, matched.by)
        shared = [(mine.n, mix[group].mean) for group, mine, _ in matched.pairs if group in mix]
        n = sum(each for each, _ in shared)
        if n >= MOST * matched.n:
            yield sum(each * mean for each, mean in shared) / n
