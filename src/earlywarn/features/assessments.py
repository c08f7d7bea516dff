"""Features of judgements: attitude, grades and whatever else teachers enter as a number.

In:  the `assessments` known before the date. Of each subject the latest judgement of the last
     year counts, and the one before it; what is not a number ("secure") has no order that we
     know and is left out.
Out: for each measure the mean over subjects and its change, as columns beside the people.

Which way a measure runs differs from school to school (attitude 1 may be best or worst), so no
feature here has a direction of risk.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pandas as pd

from earlywarn.features.feature import Feature, Floats, slug
from earlywarn.features.seen import Seen, mean_of_others
from earlywarn.tables.known import known_before
from earlywarn.tables.store import Store

MEMORY = timedelta(weeks=53)
NUMBERS = "SELECT *, try_cast(value AS DOUBLE) AS number FROM {known} WHERE isfinite(try_cast(value AS DOUBLE))"


def judgement_features(measures: Sequence[str]) -> tuple[Feature, ...]:
    """Return the features of each measure."""
    return tuple(feature for measure in measures for feature in _measure_features(measure))


def _measure_features(measure: str) -> list[Feature]:
    def feature(suffix: str, means: str, empty: str, value: Callable[[Seen], Floats]) -> Feature:
        name = f"judged_{slug(measure)}{suffix}"
        return Feature(
            name, "attitude and attainment", "assessments", "points", means, empty, value, source=measure
        )  # fmt: skip

    def gap(seen: Seen) -> Floats:
        latest = seen.column(_latest(measure))
        return latest - mean_of_others(latest, seen.group("year_group"))

    none = "not judged in the last year"
    return [
        feature("", f"Latest {measure}, mean over subjects", none, lambda seen: seen.column(_latest(measure))),
        feature(
            "_change", f"Change of {measure} since the judgement before, mean over subjects",
            "not judged twice in any subject in the last year", lambda seen: seen.column(_change(measure)),
        ),
        feature("_gap_peers", f"Latest {measure} less the mean of the others of the year group", none, gap),
    ]  # fmt: skip


def _latest(measure: str) -> str:
    return f"judged: {measure}"


def _change(measure: str) -> str:
    return f"judged, change: {measure}"


def judgements_known(store: Store, as_of: date) -> pd.DataFrame:
    """Return the numbers of each person, a row a person_id, a column a measure and one more for its change."""
    rows = store.db.execute(
        f"""
        WITH numbers AS ({NUMBERS.format(known=known_before("assessments", as_of))}),
        told AS (
            SELECT person_id, measure, number,
                number - lag(number) OVER (PARTITION BY person_id, measure, subject ORDER BY collected_on) AS change
            FROM numbers WHERE collected_on >= ? AND collected_on < ?
            QUALIFY row_number() OVER (PARTITION BY person_id, measure, subject ORDER BY collected_on DESC) = 1
        )
        SELECT person_id, measure, round(favg(number), 6) AS latest, round(favg(change), 6) AS change
        FROM told GROUP BY ALL ORDER BY ALL
        """,
        [as_of - MEMORY, as_of],
    ).df()
    latest = rows.pivot(index="person_id", columns="measure", values="latest").rename(columns=_latest)
    change = rows.pivot(index="person_id", columns="measure", values="change").rename(columns=_change)
    return pd.concat([latest, change], axis=1)
