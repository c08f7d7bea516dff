"""Any outcome by attendance band and group, and how far schools differ: the tables.

In:  the sources, the examples and the config.
Out: `bands` as it may be shared and `trust_bands` with every number, then the tables of `spread`; none for staff, or
     where there are no marks.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from earlywarn.config import Config
from earlywarn.features.gather import Sources
from earlywarn.model.examples import Examples
from earlywarn.progress import each
from earlywarn.study.bands import (
    Banded,
    BandRow,
    SharedRow,
    band_sentences,
    few_in_a_band,
    outcome_by_band,
    shared_bands,
)
from earlywarn.study.figure import Figure
from earlywarn.study.happened import Outcome, outcomes_of
from earlywarn.study.mornings import Morning, groups_of, morning
from earlywarn.study.spread import spread_tables
from earlywarn.study.table import Replicates, Table, Value, of_figure, replicates_of, with_interval

_TITLE = "How often did it happen to those who attended less?"
_CAVEAT = (
    "This compares pupils as they are: whatever lowers attendance may also bring about the outcome. It does not say "
    "what would have happened to the same pupils had they attended more."
)
_HIDDEN_WORDS = (
    "c: between 1 and 4, or hidden so that such a number cannot be worked out. What an interval was made from is given "
    "where no school has so few; everything stands in the trust's own table."
)
_TRUST_WORDS = "For the trust alone: every number, small ones too."
_COLUMNS = {
    "outcome": "what happened",
    "words": "what happened, completing 'of 100 pupils, 12 ...'",
    "as_of": "absence is counted from the start of the school year to the day before; the outcome came later",
    "group_by": "a characteristic; 'everyone' for all pupils",
    "group": "its value",
    "band": "attendance so far this year",
    "n": "pupils",
    "happened": "pupils to whom it happened",
    **with_interval("share", "share of the pupils to whom it happened, 0 to 1"),
    **with_interval("times", "that share over the one of the same group's best band"),
    "why": "the reason for what is missing",
}


def outcome_tables(sources: Sources, examples: Examples, config: Config) -> tuple[Table, ...]:
    """Return the tables of attendance bands and of the spread between schools."""
    return (*_band_tables(sources, examples, config), *spread_tables(sources, config))


def _band_tables(sources: Sources, examples: Examples, config: Config) -> tuple[Table, ...]:
    if config.population != "pupils" or sources.register is None:
        return ()

    @cache
    def on(as_of: date) -> Morning:
        return morning(sources, as_of)

    outcomes = outcomes_of(sources, examples, config)
    banded = [(one, _banded(one, on(one.as_of), config)) for one in each("Counting by attendance band", outcomes)]
    told = [(one, found) for one, found in banded if any(row.happened for row in found.rows)]
    return (_shared(told), _whole(told)) if told else ()


def _banded(outcome: Outcome, told: Morning, config: Config) -> Banded:
    people, happened = told.people, outcome.of(told.people)
    school, person = (people[name].to_numpy(str) for name in ("school_id", "person_id"))
    groups = groups_of(people, config.fairness, lambda rows: few_in_a_band(told.absence[rows], happened[rows]))
    return outcome_by_band(told.absence, happened, groups, school, person)


def _shared(told: Sequence[tuple[Outcome, Banded]]) -> Table:
    shared = [(one, found, shared_bands(found)) for one, found in told]
    rows = [(one, row) for one, _, rows in shared for row in rows]
    says = [line for one, found, rows in shared for line in _says(one, found.rows, rows)]
    return Table("bands", _TITLE, (*says, _CAVEAT, _HIDDEN_WORDS), _COLUMNS, *_filled(rows))


def _whole(told: Sequence[tuple[Outcome, Banded]]) -> Table:
    rows = [(one, row) for one, found in told for row in found.rows]
    return Table("trust_bands", _TITLE, (_TRUST_WORDS, _CAVEAT), _COLUMNS, *_filled(rows))


def _says(outcome: Outcome, rows: Sequence[BandRow], shared: Sequence[SharedRow]) -> tuple[str, ...]:
    """Say of everyone what is shown of the lowest band that has a ratio."""
    shown = [row for row, one in zip(rows, shared, strict=True) if one.times is not None]
    return band_sentences(shown, outcome.words)[-1:]


def _filled(
    told: Sequence[tuple[Outcome, BandRow | SharedRow]],
) -> tuple[tuple[Mapping[str, Value], ...], tuple[Replicates, ...]]:
    """Return the rows of a table, and what their intervals were made from."""
    rows = tuple(_row(one, row) for one, row in told)
    made_from = tuple(
        one
        for place, (_, row) in enumerate(told)
        for name, figure in (("share", row.share), ("times", row.times))
        if figure is not None
        for one in replicates_of(place, name, figure)
    )
    return rows, made_from


def _row(outcome: Outcome, row: BandRow | SharedRow) -> Mapping[str, Value]:
    why = dict.fromkeys(figure.why if figure else "hidden" for figure in (row.share, row.times))
    return {
        "outcome": outcome.name,
        "words": outcome.words,
        "as_of": outcome.as_of.isoformat(),
        "group_by": row.group_by,
        "group": row.group,
        "band": row.band,
        "n": row.n,
        "happened": row.happened,
        **_interval("share", row.share),
        **_interval("times", row.times),
        "why": "; ".join(filter(None, why)),
    }


def _interval(name: str, figure: Figure | None) -> Mapping[str, Value]:
    if figure is None:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    return of_figure(name, figure)
