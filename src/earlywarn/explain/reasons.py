"""Reasons: for each listed person, what weighs most in the score, in sentences.

In:  contributions (listed, features + 1) in log-odds, everyone's values, the listed rows.
Out: one `Explanation` a listed row: two to four reasons, what is going well, what is not known.

The themes that clearly add are the reasons, the largest first; each is said by the feature in it that
adds most and can be told: its value is known and lies on the side that a reader would expect. Where
that gives fewer than two, single features fill up. A theme of characteristics is never told; where it
is the largest, that is said, and nothing more.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.config import Population
from earlywarn.explain.not_known import not_known
from earlywarn.explain.themes import CHARACTERISTICS, THIS_YEAR, ThemeSums, sum_by_theme, theme_of, told_plainly
from earlywarn.explain.told import Told, tell
from earlywarn.explain.words import Book, Phrases, scales_of
from earlywarn.features.feature import Feature
from earlywarn.surveys.instrument import Instrument

AT_LEAST, AT_MOST = 2, 4
GOING_WELL = 2
CLEAR = 0.1  # log-odds, about a tenth of the odds: less is said to be little, and is no third reason, and no praise
NEAR_TIE = 0.1  # share of the larger of two


@dataclass(frozen=True)
class Reason:
    """One reason.

    contribution : log-odds that the theme adds; of a reason that fills up, those of the feature.
    """

    feature: str
    theme: str
    contribution: float
    sentence: str


@dataclass(frozen=True)
class Explanation:
    """Why one listed person's score is what it is."""

    reasons: tuple[Reason, ...]
    going_well: tuple[str, ...]
    not_known: tuple[str, ...]

    def reasons_as_dicts(self) -> list[dict[str, Any]]:
        """Return the reasons as they stand in the scores."""
        return [asdict(reason) for reason in self.reasons]


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

    contributions : (listed, features + 1) log-odds; the last column is what all start from.
    values        : (people, features) NaN where not known.
    people        : one row a person: school_id and, for pupils, year_group.
    listed        : (people,) who is explained; the result is in their order.
    """
    rows = np.flatnonzero(listed)
    told = tell(values, features, people, rows, population, book, scales_of(instruments))
    is_reason, is_praise = told.has_sentence("reason"), told.has_sentence("going_well")
    sums = sum_by_theme(contributions, features)
    up = told_plainly(contributions[:, :-1], is_reason, features)
    down = -told_plainly(contributions[:, :-1], is_praise, features)
    tellers, praising = _best_of_themes(up, is_reason, sums), _best_of_themes(down, is_praise, sums)
    spare = np.where(is_reason, up, 0.0)
    return tuple(
        _explanation(
            told,
            row,
            sums,
            _reasons(told, sums, row, tellers[row], spare[row]),
            _praise(sums.added[row], praising[row]),
        )
        for row in range(len(rows))
    )


def _best_of_themes(added: NDArray[np.float64], can_tell: NDArray[np.bool_], sums: ThemeSums) -> NDArray[np.int64]:
    """Return for each person and theme the feature that adds most among those that can be told; -1 without one."""
    best = np.full(sums.added.shape, -1, np.int64)
    weight = np.where(can_tell & (added > 0), added, -np.inf)
    for theme in range(len(sums.themes)):
        columns = np.flatnonzero(sums.place == theme)
        first = weight[:, columns].argmax(axis=1)
        known = np.isfinite(weight[np.arange(len(added)), columns[first]])
        best[known, theme] = columns[first][known]
    return best


def _reasons(
    told: Told, sums: ThemeSums, row: int, tellers: NDArray[np.int64], spare: NDArray[np.float64]
) -> list[_Pick]:
    """Choose two to four features: those that tell the themes which clearly add; else what adds most beside them.

    tellers : (themes,) the feature that tells each, -1 where none does.
    spare   : (features,) what each adds to this row, 0 where it cannot be told.
    """
    added = sums.added[row]
    clear = [theme for theme in np.argsort(-added, kind="stable") if added[theme] >= CLEAR and tellers[theme] >= 0]
    picked = [_Pick(int(tellers[theme]), float(added[theme])) for theme in clear[:AT_MOST]]
    beside = [place for place in np.flatnonzero(spare > 0) if all(place != pick.column for pick in picked)]
    beside.sort(key=lambda place: (added[sums.place[place]] <= 0, -spare[place]))  # a theme that lowers the score: last
    for place in beside:
        if len(picked) < AT_LEAST and not any(_alike(told, sums, int(place), pick.column) for pick in picked):
            picked.append(_Pick(int(place), float(spare[place])))
    return picked


def _alike(told: Told, sums: ThemeSums, one: int, other: int) -> bool:
    """Tell whether two features say one fact: both this year's absence, or the same survey scale or kind of event."""
    this_year = sums.themes[sums.place[one]] == THIS_YEAR and sums.place[one] == sums.place[other]
    label = told.words[one].label
    return bool(this_year or (label and label == told.words[other].label))


def _praise(sums: NDArray[np.float64], best: NDArray[np.int64]) -> list[int]:
    """Choose the features that tell the themes which clearly lower the score."""
    order = np.argsort(sums, kind="stable")
    return [int(best[theme]) for theme in order if best[theme] >= 0 and sums[theme] <= -CLEAR][:GOING_WELL]


def _explanation(told: Told, row: int, sums: ThemeSums, picked: list[_Pick], praise: list[int]) -> Explanation:
    notes = _notes([pick.weight for pick in picked], told.book.phrases)
    reasons = tuple(_reason(told, row, pick, note) for pick, note in zip(picked, notes, strict=True))
    quoted = {reason.feature for reason in reasons}
    return Explanation(
        reasons,
        tuple(told.sentence(row, column, "going_well") for column in praise),
        (*_caveats(told, sums, row, picked), *not_known(told, row, quoted)),
    )


def _reason(told: Told, row: int, pick: _Pick, note: str) -> Reason:
    feature = told.features[pick.column]
    sentence = f"{told.sentence(row, pick.column, 'reason')} {note}".rstrip()
    return Reason(feature.name, theme_of(feature), pick.weight, sentence)


def _notes(weights: list[float], phrases: Phrases) -> list[str]:
    """Return what is said of the weight of each reason: that it is little, or about that of those before it."""
    little = [weight < CLEAR <= weights[0] for weight in weights]
    return [
        phrases.adds_little if is_little else phrases.near_tie.get(run, "")
        for is_little, run in zip(little, _runs(weights), strict=True)
    ]


def _runs(weights: Sequence[float]) -> list[int]:
    """Return for the last of several weights that are about the same how many they are; 1 for all others.

    >>> _runs([1.0, 0.95, 0.92, 0.3])
    [1, 1, 3, 1]
    """
    first, found = 0, [1] * len(weights)
    for place in range(1, len(weights)):
        if abs(weights[first] - weights[place]) > NEAR_TIE * max(weights[first], weights[place]):
            first = place
        found[place - 1 : place + 1] = [found[place - 1] if first == place else 1, place - first + 1]
    return found


def _caveats(told: Told, sums: ThemeSums, row: int, picked: list[_Pick]) -> list[str]:
    """Say what the reasons leave out: characteristics that weigh most, or that there is little to say."""
    phrases, found = told.book.phrases, []
    largest = int(sums.added[row].argmax())
    if sums.themes[largest] == CHARACTERISTICS and sums.added[row, largest] > 0:
        found.append(phrases.remainder_pupils if told.population == "pupils" else phrases.remainder_staff)
    if not picked or picked[0].weight < CLEAR:
        found.append(phrases.nothing_stands_out)
    elif len(picked) < AT_LEAST:
        found.append(phrases.nothing_else)
    return found
