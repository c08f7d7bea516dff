"""Who is absent: by phase, free meals and needs, in eleven bands, by year group, sex and reference year.

In:  England's enrolments by band of absence, and the census's figures by year.
Out: `comparisons()`.
"""

from collections.abc import Sequence

import numpy as np

from earlywarn.simulate import england
from earlywarn.simulate.england import BAND_EDGES, Phase
from earlywarn.simulate.mixture import PHASES
from earlywarn.simulate.people import ETHNICITY, SEN

from .compare import PERSISTENT, SEVERE, Comparison, Floats, ratio, shares, weighted
from .gather import Bools, Ints, Run

# Phase, free meals, needs. In special schools everyone has needs; None: whatever they are.
Group = tuple[Phase, bool | None, bool | None]
MAINSTREAM: tuple[Group, ...] = tuple(
    (phase, fsm, sen) for phase in ("primary", "secondary") for fsm in (False, True) for sen in (False, True)
)
SPECIAL: tuple[Group, ...] = (("special", False, None), ("special", True, None))
YEARS = tuple(range(1, 12))
MISSED = ("missed 10% or more", "missed 50% or more")


def comparisons(year: int) -> tuple[Comparison, ...]:
    """Return the comparisons for a reference year; what is published for 2022/23 only is left out of the others."""
    if year != england.REFERENCE_YEAR:
        return (_by_phase(year),)
    main = (_by_phase(year), _by_group(), _not_recorded(), _bands(), _by_year_group())
    return (*main, _by_sex(), _by_needs(), _by_ethnicity())


def _by_phase(year: int) -> Comparison:
    published = np.array([england.annual(year, phase) for phase in PHASES])
    return Comparison(
        f"Persistent, severe and mean absence by phase, {year}/{year - 1999}",
        PHASES,
        (*MISSED, "mean"),
        100 * published[:, [1, 2, 0]],
        lambda run: np.array([_three(run, run.phase == place) for place in range(len(PHASES))]),
        within=_limits([1.5, 1.5, 3.0], columns=3),
        error=_limits([0.3, 0.3, 1.0], columns=3),
    )


def _by_group() -> Comparison:
    groups = (*MAINSTREAM, *SPECIAL)
    published = [england.bands(phase, fsm, sen, recorded=True) for phase, fsm, sen in groups]
    means = [england.mean_of_group(phase, bool(fsm), sen is not False) for phase, fsm, sen in groups]
    return Comparison(
        "By phase, free meals and special needs",
        tuple(_name(group) for group in groups),
        (*MISSED, "mean"),
        np.column_stack([_published(published), 100 * np.array(means)]),
        lambda run: np.array([_three(run, member(run, group)) for group in groups]),
        within=_limits([1.5] * len(MAINSTREAM) + [3.0] * len(SPECIAL), columns=3),
        error=_limits([0.3] * len(MAINSTREAM) + [1.0] * len(SPECIAL), columns=3),
    )


def _not_recorded() -> Comparison:
    published = [england.bands(phase, recorded=False) for phase in PHASES]
    return Comparison(
        "Pupils of whom free meals and needs are not recorded",
        PHASES,
        MISSED,
        _published(published),
        lambda run: np.array([_three(run, ~run.recorded & (run.phase == place))[:2] for place in range(len(PHASES))]),
        says="One pupil in a hundred, so that the figures are less sure than the others.",
    )


def _bands() -> Comparison:
    groups = (*MAINSTREAM, *SPECIAL)
    published = np.array([england.bands(phase, fsm, sen, recorded=True) for phase, fsm, sen in groups])
    names = [f"{low:.0f}-{high:.0f}%" for low, high in zip(100 * BAND_EDGES, 100 * BAND_EDGES[1:], strict=False)]
    return Comparison(
        "All eleven bands",
        tuple(_name(group) for group in groups),
        tuple(names),
        100 * published / published.sum(axis=1, keepdims=True),
        lambda run: np.array([_histogram(run, member(run, group)) for group in groups]),
        finish=lambda counts: 100 * counts / counts.sum(axis=1, keepdims=True),
        within=1.0,
        error=np.array([0.3] * len(MAINSTREAM) + [1.0] * len(SPECIAL))[:, None],
    )


def _by_year_group() -> Comparison:
    """Phases weigh as in England: Year 7 is one of secondary schools, but for a few."""
    weight = np.array([[england.bands(phase, year_group=year).sum() for phase in PHASES] for year in YEARS])
    published = [england.bands(year_group=year) for year in YEARS]

    def count(run: Run) -> Floats:
        cells = [[(run.year_group == year) & (run.phase == place) for place in range(len(PHASES))] for year in YEARS]
        return np.array([[_three(run, cell)[:2] for cell in row] for row in cells])

    return Comparison(
        "By year group, all phases",
        tuple(f"Year {year}" for year in YEARS),
        MISSED,
        _published(published),
        count,
        finish=lambda counts: weighted(shares(counts), weight[..., None], axis=1),
        within=np.tile([1.5, np.nan], (len(YEARS), 1)),
    )


def _by_sex() -> Comparison:
    girls_or_boys = (True, False)
    published = [
        [england.persistent(england.bands(phase, sex="F" if female else "M")) for female in girls_or_boys]
        for phase in PHASES
    ]

    def count(run: Run) -> Floats:
        by_phase = [run.phase == place for place in range(len(PHASES))]
        cells = [[persistent_counts(run, at & (run.female == one)) for one in girls_or_boys] for at in by_phase]
        return np.array(cells, np.float64)

    return Comparison("Missed 10% or more, by sex", PHASES, ("girls", "boys"), 100 * np.array(published), count)


def _by_needs() -> Comparison:
    """Of the autumn term, over those with no needs, since the published autumn is another year's."""
    names = list(england.AUTUMN_BY_NEEDS)
    published = np.array([england.AUTUMN_BY_NEEDS[name] for name in names])

    def count(run: Run) -> Floats:
        absent, possible = run.absent[:, 0], run.possible[:, 0]
        there = run.recorded & (possible > 0)
        groups = [there & (run.sen == SEN.index(name)) for name in names]
        missed = absent / np.maximum(possible, 1) >= PERSISTENT
        return np.array([[(absent[at].sum(), possible[at].sum()), (missed[at].sum(), at.sum())] for at in groups])

    return Comparison(
        "Special needs: absence in the autumn over that of pupils without",
        ("none", "support", "a plan"),
        ("mean", "missed 10% or more"),
        published / published[0],
        count,
        finish=lambda counts: ratio(counts) / ratio(counts)[0],
        per_cent=False,
        places=2,
        says="England's are of 2024/25.",
    )


def _by_ethnicity() -> Comparison:
    """The simulator knows broad groups only, so a published group stands beside the one that it is part of."""
    cells = [("Black", "African", True), ("Black", "African", False), ("Asian", "any other Asian", True)]
    names = [f"{broad}, {'' if fsm else 'no '}free meals (England: {group})" for broad, group, fsm in cells]
    published = np.array([england.BY_ETHNICITY[group, fsm] for _, group, fsm in cells])
    everyone = np.array([england.AUTUMN_BY_FREE_MEALS[fsm] for _, _, fsm in cells])

    def count(run: Run) -> Floats:
        alike = [run.recorded & (run.fsm == fsm) for _, _, fsm in cells]
        places = [list(ETHNICITY).index(broad) for broad, _, _ in cells]
        group = [at & (run.ethnicity == place) for at, place in zip(alike, places, strict=True)]
        return np.array([[_three(run, at)[[2, 0]] for at in chosen] for chosen in (group, alike)])

    return Comparison(
        "Ethnicity, where it is published: absence over that of all pupils on free meals, or of all others",
        tuple(names),
        ("mean", "missed 10% or more"),
        published / everyone,
        count,
        finish=lambda counts: ratio(counts[0]) / ratio(counts[1]),
        per_cent=False,
        places=2,
        says="England's are of autumn and spring 2024/25, over the autumn's.",
    )


def member(run: Run, group: Group) -> Bools:
    """Return (n,) bool: recorded, and of a group."""
    phase, fsm, sen = group
    chosen = run.recorded & (run.phase == PHASES.index(phase))
    if fsm is not None:
        chosen = chosen & (run.fsm == fsm)
    return np.asarray(chosen if sen is None else chosen & ((run.sen > 0) == sen))


def persistent_counts(run: Run, chosen: Bools) -> tuple[int, int]:
    """Return how many enrolments missed 10% or more, and how many there are."""
    return int((run.rate[chosen] >= PERSISTENT).sum()), int(chosen.sum())


def _three(run: Run, chosen: Bools) -> Floats:
    """Return (3, 2) counts behind persistent, severe and mean absence."""
    severe = int((run.rate[chosen] >= SEVERE).sum())
    sessions = (run.absent[chosen].sum(), run.possible[chosen].sum())
    return np.array([persistent_counts(run, chosen), (severe, chosen.sum()), sessions], np.float64)


def _histogram(run: Run, chosen: Bools) -> Floats:
    """Return (11,) enrolments by band."""
    band = np.searchsorted(BAND_EDGES, run.rate[chosen], side="right") - 1
    return np.bincount(np.minimum(band, len(BAND_EDGES) - 2), minlength=len(BAND_EDGES) - 1).astype(np.float64)


def _published(counts: Sequence[Ints]) -> Floats:
    """Return (rows, 2) England's persistent and severe absence, in per cent."""
    return 100 * np.array([(england.persistent(one), england.severe(one)) for one in counts])


def _limits(first: Sequence[float], columns: int) -> Floats:
    """Return (rows, columns) limits that hold for the first column alone."""
    limits = np.full((len(first), columns), np.nan)
    limits[:, 0] = first
    return limits


def _name(group: Group) -> str:
    phase, fsm, sen = group
    what = {(False, False): "neither", (False, True): "needs", (True, False): "free meals", (True, True): "both"}
    known = "free meals" if fsm else "no free meals"
    return f"{phase}, {known if sen is None else what[bool(fsm), sen]}"
