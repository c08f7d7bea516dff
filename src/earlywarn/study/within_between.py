"""Who is less engaged, or when someone's engagement drops? What each says of the weeks that follow.

In:  the sources of a pupils' config.
Out: the tables `within_between` and `cross_lagged`; nothing without a complete school year of three pupil waves.

The regression behind `within_between` is plain least squares, a row a pupil and wave:

    missed until the next wave = between * mean so far + within * (this wave - mean so far) + before * missed so far

The mean so far is that of the pupil's scores in this school year up to and with this wave. A later answer is no part
of it: absence lowers answers, so a mean that holds the answers after it would let absence pass for its own sign.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from earlywarn.config import Config
from earlywarn.disclosure import shown_count
from earlywarn.evaluate.intervals import Clusters, clusters_of
from earlywarn.evaluate.measures import Floats
from earlywarn.features.gather import Sources
from earlywarn.progress import step
from earlywarn.study.figure import Figure, figures, without_each
from earlywarn.study.lines import Line, table_of
from earlywarn.study.panel_gather import Panel, gather_panels, measures_of
from earlywarn.study.panel_paths import cross_lagged_table
from earlywarn.study.panel_views import beside_alike, missed, missed_so_far
from earlywarn.study.table import Table, Value, with_interval
from earlywarn.terms import year_name

FEWEST_ROWS = 200
NUMBERS = ("between", "within", "gap", "before")
COLUMNS = {
    "instrument": "the questionnaire",
    "measure": "the scale, or all scales of engagement as one number",
    "label": "what it measures",
    **with_interval(
        "between",
        "points of absence (percent of sessions until the next wave, or the end of the year) that go with one point of "
        "10 more in the pupil's mean of this school year's waves so far, among pupils alike in the rest",
    ),
    **with_interval("within", "the same with one point more in this wave than in the pupil's own mean so far"),
    **with_interval("gap", "within less between"),
    **with_interval("before", "the same with one point more of absence from the start of the year to the wave"),
    "n": "answers: pupils, counted in each wave that they had answered one before in the same school year",
    "pupils": "different pupils",
    "schools": "schools",
    "years": "school years",
    "why": "why a number is missing",
}


def within_between_tables(sources: Sources, config: Config) -> tuple[Table, ...]:
    """Return both tables; nothing of staff, nor without marks or without a year of three pupil waves."""
    with step("Gathering pupils over the waves of a school year"):
        panels = gather_panels(sources)
    if not panels:
        return ()
    return within_between_table(panels, config), cross_lagged_table(panels, config)


@dataclass(frozen=True)
class _Fit:
    """The regression of one measure: the numbers in the order of `NUMBERS`."""

    panel: Panel
    measure: str
    label: str
    numbers: tuple[Figure, ...]
    pupils: int
    schools: int


def within_between_table(panels: Sequence[Panel], config: Config) -> Table:
    """Return what level and change of every measure say of the weeks that follow."""
    fits = [
        _fitted(panel, measure, label, config.onset_min_sessions)
        for panel in panels
        for measure, label in measures_of(panel.instrument).items()
    ]
    title = "Is it who is less engaged, or when a pupil's engagement drops, that tells of later absence?"
    return table_of("within_between", title, _says(fits), COLUMNS, [_line(fit) for fit in fits])


def _fitted(panel: Panel, measure: str, label: str, fewest: int) -> _Fit:
    after, before = missed(panel, fewest)[:, 1:], missed_so_far(panel, fewest)
    mean = mean_so_far(panel.scores[measure])
    parts = (after, mean, panel.scores[measure] - mean, before)
    values = np.stack([beside_alike(part, panel)[:, 1:] for part in parts], axis=2)
    row, wave = np.nonzero(~np.isnan(values).any(axis=2))
    clusters = clusters_of(panel.school[row], panel.person[row])
    numbers = _numbers(values[row, wave], clusters)
    return _Fit(panel, measure, label, numbers, len(np.unique(panel.person[row])), len(np.unique(panel.school[row])))


def mean_so_far(scores: Floats) -> Floats:
    """Return each row's mean of the scores up to and with each wave; NaN where the wave is not known, or the first.

    >>> mean_so_far(np.array([[4.0, 8.0, np.nan, 6.0]])).tolist()
    [[nan, 6.0, nan, 6.0]]
    """
    known = ~np.isnan(scores)
    count = known.cumsum(axis=1)
    total = np.where(known, scores, 0.0).cumsum(axis=1)
    return np.asarray(np.divide(total, count, out=np.full(scores.shape, np.nan), where=known & (count > 1)))


def _numbers(values: Floats, clusters: Clusters) -> tuple[Figure, ...]:
    """Return the coefficients of the first column on the others, and the gap of the first two of them."""
    n = len(values)
    if n < FEWEST_ROWS:
        why = f"fewer than {FEWEST_ROWS} answers after an earlier one in the same school year"
        return (Figure(None, None, None, n, why),) * len(NUMBERS)
    between, within, before = coefficients(values, clusters).T
    return figures(np.stack([between, within, within - between, before], axis=1), n)


def coefficients(values: Floats, clusters: Clusters) -> Floats:
    """Return (1 + clusters, columns - 1) least squares of the first column on the others, with a constant.

    With everyone, then without each cluster; NaN where the columns do not tell them apart.
    """
    design = np.column_stack([np.ones(len(values)), values[:, 1:]])
    everything = np.column_stack([design, values[:, :1]])
    width = everything.shape[1]
    products = np.empty((clusters.count, width, width))
    for one in range(width):
        for other in range(one, width):
            part = np.bincount(clusters.codes, everything[:, one] * everything[:, other], clusters.count)
            products[:, one, other] = products[:, other, one] = part
    sums = without_each(products)
    try:
        return np.asarray(np.linalg.solve(sums[:, :-1, :-1], sums[:, :-1, -1:])[:, 1:, 0])
    except np.linalg.LinAlgError:
        return np.full((len(sums), width - 2), np.nan)


def _line(fit: _Fit) -> Line:
    about: dict[str, Value] = {
        "instrument": fit.panel.instrument.name, "measure": fit.measure, "label": fit.label,
        "n": shown_count(fit.numbers[0].n), "pupils": shown_count(fit.pupils), "schools": fit.schools,
        "years": ", ".join(year_name(year) for year in fit.panel.years),
    }  # fmt: skip
    return Line(about, dict(zip(NUMBERS, fit.numbers, strict=True)))


def _says(fits: Sequence[_Fit]) -> Iterator[str]:
    """Yield what the first measure of each questionnaire says."""
    for name in dict.fromkeys(fit.panel.instrument.name for fit in fits):
        fit = next(fit for fit in fits if fit.panel.instrument.name == name)
        between, within, gap, _ = fit.numbers
        if between.value is None or within.value is None:
            yield f"Level and change of {fit.measure} could not be told apart: {between.why}."
            continue
        rests = f"{fit.pupils:,} pupils in {fit.schools} schools, {between.n:,} answers"
        yield f"{_sentence(within, 'when a pupil scores a point lower than in the mean of the year so far')} ({rests})."
        yield f"{_sentence(between, 'where the mean of the year so far is a point lower than that of other pupils')}."
        if gap.low is not None and gap.high is not None and gap.low <= 0 <= gap.high:
            yield "That a drop says more or less than a low level could not be shown."
    yield "Absence so far is taken into account, nothing else: these numbers do not say what causes what."


def _sentence(number: Figure, when: str) -> str:
    """Say by how much absence differs where engagement is a point lower."""
    assert number.value is not None
    about = f"{_points(-number.value)} until the next wave"
    if number.low is None or number.high is None:
        return f"{when.capitalize()}, absence is {about}; {number.why}"
    sure = f"95% interval {-number.high:+.2f} to {-number.low:+.2f}"
    shown = "" if number.low > 0 or number.high < 0 else ", which could be chance"
    return f"{when.capitalize()}, absence is {about} ({sure}){shown}"


def _points(value: float) -> str:
    return f"{abs(value):.2f} points {'higher' if value > 0 else 'lower'}"
