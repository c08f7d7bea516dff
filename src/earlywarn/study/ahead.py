"""How early does the signal show? What answers add to what is known without them, before later and later absence.

In:  the sources, the examples and the config of a study.
Out: `horizons`, a table with a row a horizon: the same people and models, asked about the four school weeks that begin
     so many weeks after the list is made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from earlywarn.config import Config
from earlywarn.evaluate.intervals import Gain
from earlywarn.evaluate.measures import Bools
from earlywarn.features.gather import Sources
from earlywarn.model.examples import Examples
from earlywarn.model.recipe import Trees
from earlywarn.progress import bar
from earlywarn.study.comparisons import Line, gain_table
from earlywarn.study.gain_words import AMONG, told
from earlywarn.study.horizons import FEWEST_POSITIVES, LENGTH, at_horizons, with_horizon
from earlywarn.study.ladder import LEVEL, Rung, ladder, rung_of
from earlywarn.study.settings import TOO_FEW, study_trees
from earlywarn.study.steps import by_auc, field_asked, largest_shown, scored_by
from earlywarn.study.table import Table, Value

_TITLE = "How early do answers tell of absence?"
_COLUMNS = {
    "weeks": f"school weeks from the day of the list to the {LENGTH} school weeks whose absence is asked about",
    "named": "whether answers add most at this horizon, with the whole interval above 0",
    "trained_on": "as-of dates that the models learnt from",
    "tested_on": "as-of dates that they were tested on",
}
_OUT_OF_REACH = (
    f"fewer than {FEWEST_POSITIVES} with the outcome in training or test among the dates whose weeks ahead lie in the "
    "same data and were known in time"
)
_DESCRIBES = (
    "This describes and tests nothing. A late horizon can be asked about only from lists made early in the year: "
    "the columns of dates say which."
)


def ahead_tables(sources: Sources, examples: Examples, config: Config, trees: Trees | None = None) -> tuple[Table, ...]:
    """Return what answers add before each horizon; nothing where there are no marks, or no answers of pupils.

    trees : those of `study_trees`, where they are chosen already.
    """
    if config.population != "pupils" or sources.register is None:
        return ()
    trees = trees or study_trees(examples, config)
    if trees is None:
        return (gain_table("horizons", _TITLE, [TOO_FEW], [], _COLUMNS),)
    pair = rung_of(ladder(trees.features), LEVEL)
    if pair is None:
        return ()
    return (horizon_table(_found(sources, examples, trees, *pair), config),)


def named_horizon(gains: Mapping[int, Gain]) -> int | None:
    """Return the horizon in weeks at which answers add most, if the whole interval of that gain lies above 0."""
    return largest_shown(gains)


def horizon_table(found: Mapping[int, Line], config: Config) -> Table:
    """Return a row for each horizon of the config; one that the data do not reach says so."""
    named = named_horizon({weeks: line.step.gain for weeks, line in found.items()})
    lines = [Line(line.step, {**line.beside, "named": weeks == named}) for weeks, line in found.items()]
    table = gain_table("horizons", _TITLE, _says(found, named), lines, _COLUMNS)
    missed = [weeks for weeks in config.study.horizons if weeks not in found]
    unreached: tuple[dict[str, Value], ...] = tuple(
        {"weeks": weeks, "named": False, "why": _OUT_OF_REACH} for weeks in missed
    )
    return replace(table, rows=(*table.rows, *unreached))


def _found(sources: Sources, examples: Examples, trees: Trees, upper: Rung, lower: Rung) -> dict[int, Line]:
    """Return the gain before each horizon that the data reach."""
    config, found = sources.config, {}
    with bar("Looking ahead", len(config.study.horizons)) as horizons:
        for weeks, ahead in at_horizons(sources, examples, config.study.horizons):
            found[weeks] = _line(ahead, with_horizon(config, weeks), trees, upper, lower, weeks)
            horizons.advance()
    return found


def _line(ahead: Examples, config: Config, trees: Trees, upper: Rung, lower: Rung, weeks: int) -> Line:
    """Fit both rungs to absence at one horizon, and compare them."""
    scored = {rung.name: scored_by(ahead, rung, trees) for rung in (upper, lower)}
    dates = {"trained_on": _dates(ahead, ahead.training), "tested_on": _dates(ahead, ahead.test)}
    return Line(by_auc(field_asked(ahead, scored, config), upper, lower), {"weeks": weeks, **dates})


def _dates(examples: Examples, rows: Bools) -> str:
    """Return the as-of dates of some rows, as text."""
    return ", ".join(sorted({str(day) for day in examples.people["as_of"][rows].dt.date.unique()}))


def _says(found: Mapping[int, Line], named: int | None) -> Sequence[str]:
    if not found:
        return (f"Not estimable: at every horizon {_OUT_OF_REACH}.",)
    if named is None:
        among = AMONG[next(iter(found.values())).step.population]
        return f"At no horizon could it be shown, {among}, that answers add to what is known without them.", _DESCRIBES
    step = found[named].step
    where = f"before the {LENGTH} school weeks that begin {named} weeks on"
    return f"Answers add most {where}, {AMONG[step.population]}: {told(step)}.", _DESCRIBES
