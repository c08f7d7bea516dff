"""What can be told of listed people: their values, what is usual, on which side they are, in sentences.

In:  values of everyone scored, the features and their wording.
Out: `Told`, which knows for each listed person and feature whether a sentence exists, and says it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.config import Population
from earlywarn.explain.amounts import MIDDLE, MIDDLE_SCORE, SEEN, SEEN_COUNT, amount
from earlywarn.explain.peers import Usual, usual
from earlywarn.explain.themes import CHARACTERISTICS, theme_of
from earlywarn.explain.words import Book, Scales, Spoken, Texts, fill, spoken, year_words
from earlywarn.features.feature import Feature

Purpose = Literal["reason", "going_well"]
FEW_SESSIONS = 20  # the design's line below which it is too early to tell
_LESS_NOT_FEWER = frozenset({"share", "percentile", "share points", "points", "years"})


@dataclass(frozen=True)
class Told:
    """What can be told of the listed people, one row each.

    values : (listed, features) NaN where not known.
    side   : (listed, features) 1 above what the value is held against, -1 below, 0 too close to tell or not known.
    years  : the year group of each in words; empty for staff.
    """

    features: tuple[Feature, ...]
    words: tuple[Spoken, ...]
    values: NDArray[np.float32]
    usual: Usual
    side: NDArray[np.int8]
    years: tuple[str, ...]
    population: Population
    book: Book

    def has_sentence(self, purpose: Purpose) -> NDArray[np.bool_]:
        """Tell where a sentence exists, (listed, features): never for a characteristic or a value that is not known.

        Praise that is not held against others would praise anything, so it needs them; and no incidents in a few days
        are no praise.
        """
        texts = [_texts(spoken, purpose) for spoken in self.words]
        allowed = np.array([theme_of(feature) != CHARACTERISTICS for feature in self.features])
        more = np.array([text.more is not None for text in texts]) & allowed
        less = np.array([text.less is not None for text in texts]) & allowed
        found: NDArray[np.bool_] = ((self.side > 0) & more) | ((self.side < 0) & less)
        if purpose == "reason":
            return found
        by_itself = np.array([spoken.wording.against == "itself" for spoken in self.words])
        return found & (by_itself | (self.usual.group >= 0)) & ~self._too_early()

    def known(self, name: str) -> NDArray[np.float32] | None:
        """Return a feature's values, (listed,) NaN where not known; None where the model has no such feature."""
        names = [feature.name for feature in self.features]
        return self.values[:, names.index(name)] if name in names else None

    def _too_early(self) -> NDArray[np.bool_]:
        """Tell where incidents are counted of people who have hardly been here, (listed, features)."""
        possible = self.known("possible_sessions_this_year")
        if possible is None:
            return np.zeros(self.values.shape, bool)
        counts = np.array([feature.block == "events" for feature in self.features])
        early: NDArray[np.bool_] = (possible < FEW_SESSIONS)[:, None] & counts
        return early

    def sentence(self, row: int, column: int, purpose: Purpose) -> str:
        """Say one feature of one person."""
        unit, units = self.features[column].unit, self.book.units
        told = {"year": self.years[row], "label": self.words[column].label}
        told["value"] = amount(float(self.values[row, column]), unit, units)
        text = self._text(row, column, purpose, nothing=told["value"] == amount(0.0, unit, units))
        compared = self.usual.group[row, column] >= 0
        if compared:
            usually = amount(float(self.usual.median[row, column]), unit, units)
            compared = usually != told["value"]  # "12%; half of Year 9 missed 12% or less" tells nothing
            told |= self._beside(row, column, usually)
        return fill(text, told, compared=compared)

    def _text(self, row: int, column: int, purpose: Purpose, *, nothing: bool) -> str:
        texts = _texts(self.words[column], purpose)
        less = texts.none if nothing and texts.none else texts.less
        text = texts.more if self.side[row, column] > 0 else less
        assert text is not None, "has_sentence said that there is one"
        return text

    def _beside(self, row: int, column: int, usually: str) -> dict[str, str]:
        phrases, unit = self.book.phrases, self.features[column].unit
        at_most = phrases.or_less if unit in _LESS_NOT_FEWER else phrases.or_fewer
        nothing = usually == amount(0.0, unit, self.book.units)  # "none or less" is just none
        everything = unit in ("share", "percentile") and usually == amount(1.0, unit, self.book.units)
        return {
            "peers": self._peers(row, column),
            "at_most": usually if nothing else at_most.format(amount=usually),
            "at_least": usually if everything else phrases.or_more.format(amount=usually),
        }

    def _peers(self, row: int, column: int) -> str:
        group = self.usual.groups[self.usual.group[row, column]]
        if group == "year group":
            return self.years[row]
        return self.book.phrases.everyone_staff if self.population == "staff" else self.book.phrases.groups[group]


def tell(
    values: NDArray[np.float32],
    features: Sequence[Feature],
    people: pd.DataFrame,
    listed: NDArray[np.int64],
    population: Population,
    book: Book,
    scales: Scales,
) -> Told:
    """Prepare what can be told of the listed rows, beside everyone in `values`."""
    words = tuple(spoken(feature, book, scales) for feature in features)
    typical = usual(values, [each.wording.against for each in words], people, listed, population)
    mine = values[listed]
    side = _side(mine, typical, features, words)
    years = _years(people, listed, book) if population == "pupils" else ("",) * len(listed)
    return Told(tuple(features), words, mine, typical, side, years, population, book)


def _side(
    values: NDArray[np.float32], typical: Usual, features: Sequence[Feature], words: Sequence[Spoken]
) -> NDArray[np.int8]:
    """Return 1 where a value lies above the median, or the middle without one, -1 below, 0 too close or not known."""
    middle = [
        MIDDLE_SCORE if feature.unit == "points" and each.wording.against != "itself" else MIDDLE.get(feature.unit, 0.0)
        for feature, each in zip(features, words, strict=True)
    ]
    held_against = np.where(np.isnan(typical.median), np.array(middle), typical.median)
    step = np.array([SEEN.get(feature.unit, SEEN_COUNT) for feature in features])
    apart = np.round((values - held_against) / step, 4)  # float32 rounding must not decide
    side: NDArray[np.int8] = (apart >= 1).astype(np.int8) - (apart <= -1).astype(np.int8)
    return side


def _texts(said: Spoken, purpose: Purpose) -> Texts:
    return said.wording.reason if purpose == "reason" else said.wording.going_well


def _years(people: pd.DataFrame, listed: NDArray[np.int64], book: Book) -> tuple[str, ...]:
    numbers = pd.to_numeric(people["year_group"]).to_numpy(np.float64, na_value=np.nan)[listed]
    return tuple(year_words(number, book) for number in numbers)
