"""Which comes first within a pupil, engagement or absence? The panel models as a table.

In:  the panels of pupils over the waves of a school year.
Out: the table `cross_lagged`: two rows a measure, one a direction.

Waves and the absence between them take turns in one order of time, in one model a measure: engagement in a wave tells
of the absence right after it, absence right before a wave tells of the answers in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from earlywarn.config import Config
from earlywarn.disclosure import shown_count
from earlywarn.progress import each
from earlywarn.study.cross_lagged import CrossLagged, cross_lagged
from earlywarn.study.figure import Figure
from earlywarn.study.lines import Line, table_of
from earlywarn.study.panel_gather import Panel, measures_of
from earlywarn.study.panel_views import beside_alike, log_odds_missed
from earlywarn.study.table import Table, Value, with_interval
from earlywarn.terms import year_name

Direction = Literal["engagement to absence", "absence to engagement"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
TO_ABSENCE, TO_ENGAGEMENT = DIRECTIONS
FITS_UP_TO = 0.08  # of the misfit, see `cross_lagged`

COLUMNS = {
    "instrument": "the questionnaire",
    "measure": "the scale, or all scales of engagement as one number",
    "label": "what it measures",
    "direction": "engagement to absence: from the score in a wave to absence from the day after it closes to the day "
    "before the next one opens (or the end of the school year), given absence before the wave, from the close of the "
    "one before or the start of the school year; absence to engagement: from absence before a wave, so bounded, to the "
    "score in it, given the score in the wave before",
    **with_interval(
        "path",
        "within pupils: by how many standard deviations the second lies above the pupil's own usual level where the "
        "first lay one above it; absence is the log of sessions missed over sessions attended",
    ),
    "se": "standard error of the path, schools left out in turn",
    **with_interval("carried", "the same from the second's own value one wave earlier: how far a change lasts"),
    **with_interval("usual", "between pupils: correlation of the usual levels of score and absence, -1 to 1"),
    "misfit": "root of the mean squared difference between the correlations and what the model says they are; above "
    f"{FITS_UP_TO} the model does not describe these waves",
    "n": "pupils, counted once in each school year",
    "pupils": "different pupils",
    "schools": "schools",
    "waves": "waves in a school year",
    "years": "school years",
    "complete": "share of the rows of n known in every wave and between all, 0 to 1; the others count with what is "
    "known of them",
    "why": "why a number is missing",
}


@dataclass(frozen=True)
class _Path:
    """One direction of one measure."""

    panel: Panel
    measure: str
    label: str
    direction: Direction
    found: CrossLagged

    @property
    def path(self) -> Figure:
        paths = self.found.paths
        return paths.crossing_xy if self.direction == TO_ABSENCE else paths.crossing_yx

    @property
    def carried(self) -> Figure:
        paths = self.found.paths
        return paths.carried_y if self.direction == TO_ABSENCE else paths.carried_x


def cross_lagged_table(panels: Sequence[Panel], config: Config) -> Table:
    """Return the paths of every questionnaire and measure, in both directions."""
    asked = [
        (panel, measure, label)
        for panel in panels
        for measure, label in measures_of(panel.instrument).items()
        if measure in panel.scores
    ]
    found = [
        _Path(panel, measure, label, direction, fitted)
        for panel, measure, label in each("Fitting what comes first within pupils", asked)
        for fitted in [_fitted(panel, measure, config)]
        for direction in DIRECTIONS
    ]
    title = "Within a pupil, does a change of engagement come before a change of absence, or after it?"
    return table_of("cross_lagged", title, _says(found), COLUMNS, [_line(one) for one in found])


def _fitted(panel: Panel, measure: str, config: Config) -> CrossLagged:
    absence = beside_alike(log_odds_missed(panel, config.onset_min_sessions), panel)
    return cross_lagged(beside_alike(panel.scores[measure], panel), absence, panel.school, panel.person)


def _line(one: _Path) -> Line:
    found, panel = one.found, one.panel
    about: dict[str, Value] = {
        "instrument": panel.instrument.name, "measure": one.measure, "label": one.label, "direction": one.direction,
        "se": standard_error(one.path), "misfit": None if np.isnan(found.misfit) else found.misfit,
        "n": shown_count(found.people), "pupils": shown_count(len(np.unique(panel.person))),
        "schools": found.schools, "waves": found.waves, "complete": found.complete,
        "years": ", ".join(year_name(year) for year in panel.years),
    }  # fmt: skip
    return Line(about, {"path": one.path, "carried": one.carried, "usual": found.paths.usual})


def standard_error(figure: Figure) -> float | None:
    """Return the jackknife's standard error of a number whose interval was made on its own scale; None without one.

    >>> standard_error(Figure(2.0, 1.0, 3.0, 9, without_each=(2.0, 1.0, 3.0)))
    1.0
    """
    if not figure.without_each:
        return None
    without = np.array(figure.without_each[1:])
    return float(np.sqrt((len(without) - 1) * without.var()))


def _says(found: Sequence[_Path]) -> Iterator[str]:
    """Yield what each questionnaire's first measure says in either direction, and what it does not say."""
    for panel in dict.fromkeys(one.panel.instrument.name for one in found):
        first = [one for one in found if one.panel.instrument.name == panel][: len(DIRECTIONS)]
        yield from (_sentence(one) for one in first)
        if any(one.found.misfit > FITS_UP_TO for one in first):
            yield "The model does not describe these waves well: read its paths as rough."
    yield "What comes first is not thereby the cause: whatever moves both in a school year still stands behind them."


def _sentence(one: _Path) -> str:
    path, who = one.path, f"{one.found.people:,} pupils' years in {one.found.schools} schools"
    after = "absence right after it" if one.direction == TO_ABSENCE else "answers right after it"
    first = f"a wave's answers ({one.measure})" if one.direction == TO_ABSENCE else "absence before a wave"
    if path.value is None:
        return f"Whether {first} lead {after} could not be estimated: {path.why}."
    if path.low is None or path.high is None:
        return f"From {first} to {after} within a pupil the path is {path.value:.2f}; {path.why} ({who})."
    sure = f"{path.value:.2f} (95% interval {path.low:.2f} to {path.high:.2f}, {who})"
    if path.low <= 0 <= path.high:
        return f"That {first} lead {after} within a pupil could not be shown: the path is {sure}."
    return f"Within a pupil, {_worded(one)}: {sure}."


def _worded(one: _Path) -> str:
    less = one.path.value is not None and one.path.value < 0
    if one.direction == TO_ABSENCE:
        return f"engagement below the pupil's own usual level is followed by {'more' if less else 'less'} absence"
    return f"absence above the pupil's own usual level is followed by {'lower' if less else 'higher'} engagement"
