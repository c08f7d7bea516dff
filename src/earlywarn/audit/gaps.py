"""How far groups lie apart, and which gaps are more than chance.

In:  the measures of every group of one list and contender, with the group they are compared with.
Out: a `GapRow` for each other group and measure; for the declared family also an interval that
     allows for the number of comparisons, and the alarms.

The family is every gap of the model in recall and in false alarms, of single groups, over all lists; pairs
are shown beside it. Each gap has a share of the 5% (`share_of`), fixed before the data are seen: the list of
everyone, which is the other two together, has four parts, each of those one; every declared column has as much
as any other, divided among its groups, so that a column of twenty schools does not silence pupil premium. How
small a p-value a share asks for comes from the joint distribution of all gaps when none is true, which knows
that gaps of overlapping lists and groups move together, where Bonferroni would take them as unrelated.
Source: Romano and Wolf (2005), Econometrica 73, 1237-1282 (single step), with weights as in Benjamini and
Hochberg (1997), Scandinavian Journal of Statistics 24, 407-418; here with normal weights of clusters over the
jackknife's own differences.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.special import ndtr, stdtrit

from earlywarn.audit.error import error_of
from earlywarn.audit.groups import TIMES
from earlywarn.audit.measure import Measured
from earlywarn.audit.rows import NOT_ESTIMABLE, AuditRow, GapRow, Key
from earlywarn.evaluate.intervals import difference
from earlywarn.evaluate.measures import Floats

MODEL = "model"
EVERYONE = "everyone"
FAMILY = ("recall", "false_alarms")
FAMILY_ERROR = 0.05
PARTS_OF_EVERYONE = 4.0
ROUNDING = 1e-12  # below this, replicates differ by nothing else
ALIKE = "no interval: the gap is the same without any school"
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
    differences = ours.replicated[measure] - theirs.replicated[measure]
    if measure not in FAMILY:
        alone = difference(ours.replicated[measure], theirs.replicated[measure])
        return GapRow(row.key, against, alone.value, alone.low, alone.high, row.n, alone.smallest_shown, "ok")
    if np.ptp(differences[1:]) <= ROUNDING:
        return GapRow(row.key, against, float(differences[0]), None, None, row.n, None, "ok", ALIKE)
    among_people = float(np.sqrt(ours.variances[measure] + theirs.variances[measure]))
    error, freedom = error_of(differences[1:], max(among_people, _error_if_alike(row, reference)))
    gap = _with_error(GapRow(row.key, against, float(differences[0]), None, None, row.n, None, "ok"), error, freedom)
    return replace(gap, differences=differences)


def _with_error(gap: GapRow, error: float, freedom: float) -> GapRow:
    """Give a gap its interval, taken alone; `smallest_shown` as in `evaluate.intervals.difference`."""
    assert gap.value is not None
    margin, power = (float(stdtrit(freedom, share)) * error for share in (0.975, 0.80))
    return replace(
        gap,
        low=gap.value - margin,
        high=gap.value + margin,
        smallest_shown=margin + power,
        error=error,
        freedom=freedom,
    )


def _error_if_alike(row: AuditRow, reference: AuditRow) -> float:
    """Return the pooled standard error of a difference of two shares: of independent rows, if both groups fared alike.

    A small group in which hardly anyone was found, by chance, looks surer than it is: its spread is small
    because its value is. So no standard error is below this one.
    """
    assert row.denominator and reference.denominator  # the measure has a value
    pooled = ((row.numerator or 0) + (reference.numerator or 0)) / (row.denominator + reference.denominator)
    return float(np.sqrt(pooled * (1 - pooled) * (1 / row.denominator + 1 / reference.denominator)))


def in_family(key: Key) -> bool:
    """Tell whether a gap is one of those that can raise an alarm."""
    return key.contender == MODEL and key.measure in FAMILY and TIMES not in key.group_by


def compared(gaps: Sequence[GapRow]) -> list[GapRow]:
    """Return the gaps that are compared with each other: the family's, as far as they have an interval."""
    return [gap for gap in gaps if in_family(gap.key) and gap.low is not None]


def with_alarms(gaps: Sequence[GapRow]) -> tuple[GapRow, ...]:
    """Give the family its intervals and alarms."""
    family = compared(gaps)
    if not family:
        return tuple(gaps)
    shares = shares_of([gap.key for gap in family])
    level = level_of(np.array([gap.differences[1:] for gap in family]), shares)
    judged = {gap.key: _judged(gap, level * share) for gap, share in zip(family, shares, strict=True)}
    return tuple(judged.get(gap.key, gap) for gap in gaps)


def shares_of(family: Sequence[Key]) -> Floats:
    """Return each gap's share of the error that the family may make; only their ratios count.

    >>> keys = [Key("everyone", "sen", group, "model", "recall") for group in "KE"]
    >>> shares_of([*keys, Key("onset", "pupil_premium", "yes", "model", "recall")]).tolist()
    [2.0, 2.0, 1.0]
    """
    several = len({key.population for key in family}) > 1
    groups = Counter(replace(key, group="") for key in family)
    return np.array([
        (PARTS_OF_EVERYONE if several and key.population == EVERYONE else 1.0) / groups[replace(key, group="")]
        for key in family
    ])  # fmt: skip


def level_of(differences: Floats, shares: Floats) -> float:
    """Return the p-value for a share of 1 at which any alarm is raised in 5 of 100 audits without true gaps.

    differences : (gaps, clusters) each gap without each cluster in turn; each varies.
    shares      : (gaps,) above 0.
    """
    spread = differences - differences.mean(axis=1, keepdims=True)
    unit = spread / np.linalg.norm(spread, axis=1, keepdims=True)
    draws = np.random.default_rng(_SEED).standard_normal((_DRAWS, differences.shape[1])) @ unit.T
    smallest = (2 * ndtr(-np.abs(draws)) / shares).min(axis=1)
    # Of a single gap it is 5% itself, but for chance in the draws.
    return min(float(np.quantile(smallest, FAMILY_ERROR)), FAMILY_ERROR / float(shares.max()))


def _judged(gap: GapRow, level: float) -> GapRow:
    """Give the gap its interval within the family, and raise an alarm where it leaves out 0; `level` is two-sided."""
    assert gap.value is not None and gap.error is not None
    margin = float(stdtrit(gap.freedom, 1 - level / 2)) * gap.error
    low, high = gap.value - margin, gap.value + margin
    alarm = low > 0 or high < 0
    worse = (gap.value < 0) == (gap.key.measure == "recall") if alarm else None
    return replace(gap, family_low=low, family_high=high, alarm=alarm, worse=worse)
