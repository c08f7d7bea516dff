"""How far groups lie apart, and which gaps are more than chance.

In:  the measures of every group of one list and contender, with the group they are compared with.
Out: a `GapRow` for each other group and measure; for the declared family also an interval that
     allows for the number of comparisons, and the alarms.

The family is every gap of the model in recall and in false alarms, over all groups and lists. Its
intervals use the 95% point of the *largest* of all standardised gaps ("max-t"), which knows that
gaps of overlapping lists move together, where Bonferroni would take them as unrelated.
Source: Romano and Wolf (2005), Econometrica 73, 1237-1282 (single step); here with normal weights
of clusters over the jackknife's own differences, and t's heavier tails for few clusters.

A small group in which hardly anyone was found, by chance, looks surer than it is: its spread is small
because its value is. So the family's standard errors are never below that of independent people if both
groups fared alike (the pooled z-test's). Without this, made-up trusts of 8,000 pupils and 20 schools with
no gap at all raised some alarm in 14 to 21 of 100; with it, in 3 at most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.special import stdtrit

from earlywarn.audit.measure import Measured
from earlywarn.audit.rows import NOT_ESTIMABLE, AuditRow, GapRow, Key
from earlywarn.evaluate.intervals import difference
from earlywarn.evaluate.measures import Floats

MODEL = "model"
FAMILY = ("recall", "false_alarms")
_DRAWS = 20_000
_SEED = 1


def gaps_between(rows: Sequence[AuditRow], measured: Mapping[str, Measured], against: str) -> list[GapRow]:
    """Return the gap of every row to the reference group's row of the same measure.

    rows     : the rows of all groups, of one list, contender and grouping.
    measured : group -> what the rows were made from.
    """
    reference = {row.key.measure: row for row in rows if row.key.group == against}
    return [
        _gap(row, reference[row.key.measure], measured[row.key.group], measured[against])
        for row in rows
        if row.key.group != against and row.key.measure in reference
    ]


def _gap(row: AuditRow, reference: AuditRow, ours: Measured, theirs: Measured) -> GapRow:
    """Return one gap: nothing where a side is not estimable, no interval where a side has none."""
    against, measure = reference.key.group, row.key.measure
    if row.value is None or reference.value is None:
        why = row.why if row.value is None else f"{against}: {reference.why}"
        return GapRow(row.key, against, None, None, None, row.n, None, NOT_ESTIMABLE, why)
    if row.low is None or reference.low is None:
        # With nobody found in a group, its spread looks like 0: the gap would look surer than it is.
        why = row.why if row.low is None else f"{against}: {reference.why}"
        return GapRow(row.key, against, row.value - reference.value, None, None, row.n, None, "ok", why)
    gap = difference(ours.replicated[measure], theirs.replicated[measure])
    differences = ours.replicated[measure] - theirs.replicated[measure]
    found = GapRow(row.key, against, gap.value, gap.low, gap.high, row.n, gap.smallest_shown, "ok")
    return replace(found, error_if_alike=_error_if_alike(row, reference), differences=differences)


def _error_if_alike(row: AuditRow, reference: AuditRow) -> float:
    """Return the pooled standard error of a difference of two shares; 0 for what is no share."""
    if row.key.measure not in FAMILY or not (row.denominator and reference.denominator):
        return 0.0
    pooled = ((row.numerator or 0) + (reference.numerator or 0)) / (row.denominator + reference.denominator)
    return float(np.sqrt(pooled * (1 - pooled) * (1 / row.denominator + 1 / reference.denominator)))


def in_family(key: Key) -> bool:
    """Tell whether a gap is one of those that can raise an alarm."""
    return key.contender == MODEL and key.measure in FAMILY


def compared(gaps: Sequence[GapRow]) -> list[GapRow]:
    """Return the gaps that are compared with each other: the family's, as far as they have an interval."""
    return [gap for gap in gaps if in_family(gap.key) and gap.low is not None]


def with_alarms(gaps: Sequence[GapRow]) -> tuple[GapRow, ...]:
    """Give the family its intervals and alarms."""
    family = compared(gaps)
    if not family:
        return tuple(gaps)
    differences = np.array([gap.differences[1:] for gap in family])
    alone, together = float(stdtrit(differences.shape[1] - 1, 0.975)), largest_of(differences)
    return tuple(_judged(gap, alone, together) if in_family(gap.key) else gap for gap in gaps)


def largest_of(differences: Floats) -> float:
    """Return the 95% point of the largest standardised gap when there are no true gaps.

    differences : (gaps, clusters) each gap without each cluster in turn; each varies.
    returns     : at least the two-sided 95% point of t, which it is for a single gap.
    """
    count = differences.shape[1]
    spread = differences - differences.mean(axis=1, keepdims=True)
    unit = spread / np.linalg.norm(spread, axis=1, keepdims=True)
    random = np.random.default_rng(_SEED)
    scale = np.sqrt(random.chisquare(count - 1, _DRAWS) / (count - 1))
    largest = np.abs(random.standard_normal((_DRAWS, count)) @ unit.T).max(axis=1) / scale
    return max(float(np.quantile(largest, 0.95)), float(stdtrit(count - 1, 0.975)))


def _judged(gap: GapRow, alone: float, together: float) -> GapRow:
    """Give the gap its interval within the family, and raise an alarm where it leaves out 0.

    alone, together : the 95% point of t for one gap, and for the largest of the family.
    """
    if gap.value is None or gap.high is None:
        return gap
    margin = together * max((gap.high - gap.value) / alone, gap.error_if_alike)
    low, high = gap.value - margin, gap.value + margin
    alarm = low > 0 or high < 0
    worse = (gap.value < 0) == (gap.key.measure == "recall") if alarm else None
    return replace(gap, family_low=low, family_high=high, alarm=alarm, worse=worse)
