"""Comparisons of two models as rows of a table: what each is worth, the gain, and what that rests on.

In:  `Step`s, and what stands beside them in their rows.
Out: a `Table`. All tables of gains have the same columns, whatever they compare, so that they are read and computed
     with alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from earlywarn.disclosure import HIDDEN
from earlywarn.evaluate.measures import Floats
from earlywarn.study.figure import PLAIN, SHARE, Figure, Scale, figure, missing
from earlywarn.study.steps import Step
from earlywarn.study.table import Replicates, Table, Value, of_figure, replicates_of, with_interval

TOO_FEW_TO_SHOW = "too few people to show"
NO_VALUE = "nobody, or everybody, had the outcome"

MEASURED = {
    "auc": "AUC: the chance that a person with the outcome is ranked above one without, 0 to 1",
    "average_precision": "average precision, 0 to 1: the precision met on the way down the ranking",
    "brier": "Brier score, 0 to 1: mean squared distance between probability and what happened; less is better",
    "people_found": "share of the people with the outcome who stand on lists of the same length, 0 to 1",
}
_CLUSTERS = {"schools": "schools", "people": "groups of people"}


@dataclass(frozen=True)
class Line:
    """A comparison and what stands beside it in its row: columns of this table alone."""

    step: Step
    beside: Mapping[str, Value] = field(default_factory=dict)


def gain_table(
    name: str, title: str, says: Sequence[str], lines: Sequence[Line], beside: Mapping[str, str] | None = None
) -> Table:
    """Return a table of comparisons; `beside` says what the columns of this table alone mean."""
    return Table(
        name,
        title,
        tuple(says),
        {**(beside or {}), **_COLUMNS},
        tuple({**line.beside, **_row(line.step)} for line in lines),
        tuple(each for number, line in enumerate(lines) for each in _replicates(number, line.step)),
    )


_COLUMNS: Mapping[str, str] = {
    "population": "among whom: everyone, or onset, who were below the line when the list was made",
    "rung": "what the one model knows more than the other, and all that lies between them on the ladder",
    "over": "what the other model knows: this, and everything below it on the ladder",
    "measure": "what both are measured by: " + "; ".join(f"{name}, {words}" for name, words in MEASURED.items()),
    **with_interval("gain", "how much better the model that knows more is; above 0 is better, of the Brier score, too"),
    "above_0": "whether the whole interval of the gain lies above 0",
    "smallest_shown": "the smallest true gain that these data would have shown four times in five",
    **with_interval("value_with", "the measure of the model that knows more"),
    **with_interval("value_without", "the measure of the model that knows less"),
    "n": "test rows, people on as-of dates; c: too few to show",
    "positives": "of these, rows with the outcome; c: too few to show",
    "schools": "schools that these people are of",
    "left_out": "what the intervals leave out, one at a time: schools, or groups of people where schools are under ten",
    "why": "the reason for what is missing",
}


def figures_of(step: Step) -> dict[str, Figure]:
    """Return the numbers of a comparison that have an interval, by column."""
    numbers = {
        "gain": (step.without_each, PLAIN),
        "value_with": (step.upper, SHARE),
        "value_without": (step.lower, SHARE),
    }
    return {column: _figure(step, replicated, scale) for column, (replicated, scale) in numbers.items()}


def _figure(step: Step, replicated: Floats, scale: Scale) -> Figure:
    if step.hidden:
        return missing(TOO_FEW_TO_SHOW, 0)
    found = figure(replicated, step.n, scale)
    return found if found.value is not None else replace(found, why=NO_VALUE)


def _row(step: Step) -> dict[str, Value]:
    found = figures_of(step)
    numbers: dict[str, Value] = {}
    for column, each in found.items():
        numbers |= of_figure(column, each)
    return {
        "population": step.population,
        "rung": step.rung,
        "over": step.over,
        "measure": step.measure,
        **numbers,
        "above_0": step.gain.claimed,
        "smallest_shown": step.gain.smallest_shown,
        "n": HIDDEN if step.hidden else step.n,
        "positives": HIDDEN if step.hidden else step.positives,
        "schools": step.schools,
        "left_out": _CLUSTERS[step.clusters],
        "why": found["gain"].why,
    }


def _replicates(row: int, step: Step) -> tuple[Replicates, ...]:
    return tuple(
        each for column, found in figures_of(step).items() for each in replicates_of(row, column, found)
    )  # fmt: skip
