"""Reasons: for each listed person, what weighs most in the score, in sentences.

In:  contributions (people, features + 1) in log-odds, the values they belong to, the listed rows.
Out: one `Explanation` a listed row: two to four reasons, what is going well, what is not known.

The themes that add most are the reasons; each is said by the feature in it that adds most and
can be told: its value is known and lies on the side that a reader would expect. A theme of
characteristics is never told; where it is the largest, that is said, and nothing more.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.config import Population
from earlywarn.explain.not_known import not_known
from earlywarn.explain.themes import CHARACTERISTICS, ThemeSums, sum_by_theme, theme_of, theme_places
from earlywarn.explain.told import Told, tell
from earlywarn.explain.words import Book, scales_of
from earlywarn.features.feature import Feature
from earlywarn.surveys.instrument import Instrument

AT_LEAST, AT_MOST = 2, 4
GOING_WELL = 2
CLEAR = 0.1  # log-odds, about a tenth of the odds: less is not worth a third reason, or praise
NEAR_TIE = 0.1  # share of the larger of two


@dataclass(frozen=True)
class Reason:
    """One reason.

    contribution : log-odds that the theme adds; where a theme is told twice, the second time those of the feature.
    """

    feature: str
    theme: str
    contribution: float
    sentence: str

    def as_dict(self) -> dict[str, Any]:
        """Return the reason as it stands in the scores."""
        return asdict(self)


@dataclass(frozen=True)
class Explanation:
    """Why one listed person's score is what it is."""

    reasons: tuple[Reason, ...]
    going_well: tuple[str, ...]
    not_known: tuple[str, ...]


@dataclass(frozen=True)
class _Pick:
    """A feature to be told, and what it stands for in log-odds."""

    column: int
    weight: float


def explain(
    contributions: NDArray[np.float64],
    values: NDArray[np.float32],
    features: Sequence[Feature],
    people: pd.DataFrame,
    listed: NDArray[np.bool_],
    population: Population,
    book: Book,
    instruments: Sequence[Instrument] = (),
) -> tuple[Explanation, ...]:
    """Explain the listed people, beside everyone scored.

    contributions : (people, features + 1) log-odds; the last column is what all start from.
    values        : (people, features) NaN where not known.
    people        : one row a person: school_id and, for pupils, year_group.
    listed        : (people,) who is explained; the result is in their order.
    """
    rows = np.flatnonzero(listed)
    told = tell(values, features, people, rows, population, book, scales_of(instruments))
    added = contributions[rows]
    sums = sum_by_theme(added, features)
    up = _best_of_themes(added[:, :-1], told.has_sentence("reason"), features)
    down = _best_of_themes(-added[:, :-1], told.has_sentence("going_well"), features)
    spare = np.where(told.has_sentence("reason"), added[:, :-1], 0.0)
    return tuple(
        _explanation(
            told, row, sums, _reasons(sums.added[row], up[row], spare[row]), _praise(sums.added[row], down[row])
        )
        for row in range(len(rows))
    )


def _best_of_themes(
    added: NDArray[np.float64], can_tell: NDArray[np.bool_], features: Sequence[Feature]
) -> NDArray[np.int64]:
    """Return for each person and theme the feature that adds most among those that can be told; -1 without one."""
    themes, place = theme_places(features)
    best = np.full((len(added), len(themes)), -1, np.int64)
    weight = np.where(can_tell & (added > 0), added, -np.inf)
    for theme in range(len(themes)):
        columns = np.flatnonzero(place == theme)
        first = weight[:, columns].argmax(axis=1)
        known = np.isfinite(weight[np.arange(len(added)), columns[first]])
        best[known, theme] = columns[first][known]
    return best


def _reasons(sums: NDArray[np.float64], best: NDArray[np.int64], spare: NDArray[np.float64]) -> list[_Pick]:
    """Choose two to four features: the best of the largest themes, then the next best of any theme.

    sums, best : (themes,) what each adds, and the feature that tells it (-1: none does).
    spare      : (features,) what each adds, 0 where it cannot be told.
    """
    order = np.argsort(-sums, kind="stable")
    chosen = [_Pick(int(best[theme]), float(sums[theme])) for theme in order if best[theme] >= 0 and sums[theme] > 0]
    picked = [pick for place, pick in enumerate(chosen[:AT_MOST]) if place < AT_LEAST or pick.weight >= CLEAR]
    for column in np.argsort(-spare, kind="stable"):
        if len(picked) >= AT_LEAST or spare[column] <= 0:
            break
        if all(pick.column != column for pick in picked):
            picked.append(_Pick(int(column), float(spare[column])))
    return picked


def _praise(sums: NDArray[np.float64], best: NDArray[np.int64]) -> list[int]:
    """Choose the features that tell the themes which clearly lower the score."""
    order = np.argsort(sums, kind="stable")
    return [int(best[theme]) for theme in order if best[theme] >= 0 and sums[theme] <= -CLEAR][:GOING_WELL]


def _explanation(told: Told, row: int, sums: ThemeSums, picked: list[_Pick], praise: list[int]) -> Explanation:
    reasons = tuple(_reason(told, row, picked, place) for place in range(len(picked)))
    quoted = {reason.feature for reason in reasons}
    return Explanation(
        reasons,
        tuple(told.sentence(row, column, "going_well") for column in praise),
        (*_caveats(told, sums, row, picked), *not_known(told, row, quoted)),
    )


def _reason(told: Told, row: int, picked: list[_Pick], place: int) -> Reason:
    pick = picked[place]
    sentence = told.sentence(row, pick.column, "reason")
    if place and _near(picked[place - 1].weight, pick.weight):
        sentence = f"{sentence} {told.book.phrases.near_tie}"
    feature = told.features[pick.column]
    return Reason(feature.name, theme_of(feature), pick.weight, sentence)


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= NEAR_TIE * max(one, other)


def _caveats(told: Told, sums: ThemeSums, row: int, picked: list[_Pick]) -> list[str]:
    """Say what the reasons leave out: characteristics that weigh most, or that there is little to say."""
    phrases, found = told.book.phrases, []
    largest = int(sums.added[row].argmax())
    if sums.themes[largest] == CHARACTERISTICS and sums.added[row, largest] > 0:
        found.append(phrases.remainder_pupils if told.population == "pupils" else phrases.remainder_staff)
    if len(picked) < AT_LEAST:
        found.append(phrases.nothing_stands_out)
    return found
