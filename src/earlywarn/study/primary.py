"""The one test of a study: the comparison that was named before the data were opened.

In:  the rungs, and what each is worth.
Out: `primary`, a table of one row. Only this row claims; every other comparison of the study describes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from earlywarn.config import Study
from earlywarn.study.comparisons import Line, gain_table
from earlywarn.study.gain_words import AMONG, NO_CAUSE, rests_on, verdict, what_is_estimated
from earlywarn.study.ladder import Rung, rung_of
from earlywarn.study.steps import Field, Step, steps
from earlywarn.study.table import Table, Value

_TITLE = "The one test: do these answers add to everything known without them?"
_COLUMNS = {
    "claimed": "whether the gain is claimed: the lower end of its 95% interval lies above 0",
    "words": "the row in words",
}


def primary_step(rungs: Sequence[Rung], fields: Mapping[str, Field], study: Study, measure: str) -> Step | None:
    """Return the comparison that the config names, by a measure; None where the data do not hold it."""
    pair, field = rung_of(rungs, study.adds), fields.get(study.population)
    if pair is None or field is None:
        return None
    found = {step.measure: step for step in steps(field, *(rung.name for rung in pair))}
    return found.get(measure)


def primary_table(rungs: Sequence[Rung], fields: Mapping[str, Field], study: Study) -> Table:
    """Return the one test as a table."""
    step = primary_step(rungs, fields, study, study.measure)
    if step is None:
        return untested(study, _why_not(rungs, study))
    (what,) = (rung.words for rung in rungs if rung.name == study.adds)
    words = verdict(step, what)
    beside: dict[str, Value] = {"claimed": step.gain.claimed, "words": words}
    says = [f"The one test, {AMONG[study.population]}. {words}", NO_CAUSE, what_is_estimated(step)]
    if not step.hidden:
        says.insert(1, rests_on(step))
    return gain_table("primary", _TITLE, says, [Line(step, beside)], _COLUMNS)


def untested(study: Study, why: str) -> Table:
    """Return the table of a test that could not be made: its row says why."""
    named: dict[str, Value] = {"population": study.population, "rung": study.adds, "measure": study.measure}
    table = gain_table("primary", _TITLE, [f"The one test could not be made: {why}."], [], _COLUMNS)
    return replace(table, rows=({**named, "claimed": False, "words": f"Not estimable: {why}.", "why": why},))


def _why_not(rungs: Sequence[Rung], study: Study) -> str:
    if rung_of(rungs, study.adds) is None:
        return f"the data hold no answers of the kind that it asks about ({study.adds}), or nothing without them"
    return f"it is put among {study.population}, and with this outcome there is no such list"
