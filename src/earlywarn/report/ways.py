"""Which way the features speak, as rows of two marks: those who have least of it, and those who have most.

In:  `features.ways` of the facts.
Out: a chart; nothing for bundles that do not say.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from earlywarn.report import svg
from earlywarn.report.charts import Chart, Row
from earlywarn.report.words import difference, known

_ENDS = (("low", "training", "lowest fifth"), ("high", "test", "highest fifth"))
_SAYS = (
    "What each adds to the log-odds of a score, on average: hollow among the fifth with the lowest values, filled "
    "among the fifth with the highest. It says what the model leans on, and which way; not what would change if that "
    "changed."
)


def ways_chart(ways: Sequence[Mapping[str, Any]]) -> Chart | None:
    """Return the chart, the features that move scores most first."""
    told = [one[end] for one in ways for end, _, _ in _ENDS if known(one[end]) is not None]
    if not told:
        return None
    axis = svg.axis_for([0.0, *told], share=False)
    return Chart("Which way they speak", _SAYS, tuple(_row(one, axis) for one in ways), svg.scale(axis))


def _row(one: Mapping[str, Any], axis: svg.Axis) -> Row:
    marked = [(float(one[end]), class_) for end, class_, _ in _ENDS if known(one[end]) is not None]
    said = [f"{words} {difference(one[end], 'decimal')}" for end, _, words in _ENDS if known(one[end]) is not None]
    if known(one["not_known"]) is not None:
        said.append(f"not known {difference(one['not_known'], 'decimal')}")
    return Row(one["means"], svg.marks(axis, marked), ", ".join(said) or "too few to tell")
