"""The feature matrix: one row per person, school and as-of date, one float32 column a feature."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.features.feature import Feature, Floats
from earlywarn.features.gather import Sources, seen_by_school


@dataclass(frozen=True)
class Matrix:
    """Features of a cohort.

    people : the cohort's rows, in order.
    values : (rows, features) float32, NaN where a feature is empty.
    """

    people: pd.DataFrame
    features: tuple[Feature, ...]
    values: Floats

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(feature.name for feature in self.features)

    def column(self, name: str) -> Floats:
        """Return one feature of everyone."""
        return self.values[:, self.names.index(name)]

    def has(self, name: str) -> bool:
        return name in self.names

    def choose(self, names: Sequence[str]) -> Floats:
        """Return some features, in the order of `names`."""
        position = {name: index for index, name in enumerate(self.names)}
        return np.ascontiguousarray(self.values[:, [position[name] for name in names]])

    def rows(self, chosen: NDArray[np.bool_]) -> "Matrix":
        """Return the matrix of some rows."""
        return Matrix(self.people[chosen].reset_index(drop=True), self.features, self.values[chosen])


def build_matrix(
    sources: Sources,
    people: pd.DataFrame,
    features: Sequence[Feature],
    on_date: Callable[[date], None] = lambda _: None,
) -> Matrix:
    """Compute the features of a cohort, date by date and school by school."""
    values = np.full((len(people), len(features)), np.nan, np.float32)
    for _, cohort in people.groupby("as_of", sort=True):
        as_of = pd.Timestamp(cohort["as_of"].iloc[0]).date()
        for rows, seen in seen_by_school(sources, cohort, as_of):
            for index, feature in enumerate(features):
                values[rows, index] = feature.value(seen)
        on_date(as_of)
    return Matrix(people.reset_index(drop=True), tuple(features), values)
