"""Features of help: what was begun for a person before the date, and what is still going on.

In:  the `interventions` known before the date; an end that is not past yet is not known.
Out: for each kind two numbers, as columns beside the people.

Help inside the outcome window is no feature: it belongs to the measures.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from earlywarn.config import Population
from earlywarn.features.feature import Feature, Floats, slug
from earlywarn.features.seen import Seen
from earlywarn.tables.known import known_before
from earlywarn.tables.store import Store

MEMORY = timedelta(days=365)


def help_features(kinds: Sequence[str]) -> tuple[Feature, ...]:
    """Return, for each kind of help, how often it began in the last year and whether it is going on."""
    return tuple(feature for kind in kinds for feature in _kind_features(kind))


def _kind_features(kind: str) -> tuple[Feature, Feature]:
    return (
        Feature(
            f"help_{slug(kind)}_year", "events and help", "interventions", "count",
            f"Times that help of the kind {kind} began in the last year", "never",
            _number(_begun(kind)), source=kind,
        ),
        Feature(
            f"help_{slug(kind)}_now", "events and help", "interventions", "yes or no",
            f"Whether help of the kind {kind}, begun in the last year, had not ended", "never",
            _number(_now(kind)), source=kind,
        ),
    )  # fmt: skip


_ANY = "help begun"


def _begun(kind: str) -> str:
    return f"{_ANY}: {kind}"


def _now(kind: str) -> str:
    return f"help now: {kind}"


def _number(column: str) -> Callable[[Seen], Floats]:
    """Return a column with 0 for those without such help; NaN for all where no table of help was given."""

    def value(seen: Seen) -> Floats:
        return np.where(np.isnan(seen.column(_ANY)), np.nan, np.nan_to_num(seen.column(column))).astype(np.float32)

    return value


def help_known(store: Store, population: Population, people: pd.Index, as_of: date) -> pd.DataFrame:
    """Return the numbers of some people, a row a person_id, two columns a kind of help and one for all help."""
    rows = store.db.execute(
        f"""
        SELECT person_id, kind, count(*)::DOUBLE AS begun, bool_or(ends_on IS NULL)::DOUBLE AS now
        FROM {known_before("interventions", as_of)}
        WHERE population = ? AND starts_on >= ? AND starts_on < ? GROUP BY ALL ORDER BY ALL
        """,
        [population, as_of - MEMORY, as_of],
    ).df()
    begun = rows.pivot(index="person_id", columns="kind", values="begun").rename(columns=_begun)
    now = rows.pivot(index="person_id", columns="kind", values="now").rename(columns=_now)
    every = begun.sum(axis=1).rename(_ANY)
    return pd.concat([begun, now, every], axis=1).reindex(people).fillna({_ANY: 0.0})
