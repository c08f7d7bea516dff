"""The audit as it may be shared beyond the school: small numbers hidden, with those that would give them away.

In:  an `Audit`.
Out: the same with status "suppressed" and no numbers where the policy (`disclosure`) asks for it, and
     the reading made again from what is left.

What must not come out is a count of 1 to 4 people: with or without the outcome, on or off a list. A group
is hidden whole, since recall, precision and false reassurance together tell every count behind them.
A reader can take groups from the total of a list, pairs from the groups that they divide, and the two
lists from everyone; wherever that would give a hidden group away, another is hidden with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from earlywarn.audit.audit import Audit
from earlywarn.audit.groups import TIMES
from earlywarn.audit.measure import LIST_MEASURES, Counts
from earlywarn.audit.rows import AuditRow, GapRow, Key
from earlywarn.disclosure import Hidden, Table, hide

EVERYONE = "everyone"

_OUTCOMES = ("with_outcome", "without")
_ON_LIST = ("found", "listed_in_vain", "missed", "passed_over")


def shared(audit: Audit) -> Audit:
    """Return the audit with everything hidden that may not leave the school.

    An alarm stays: it says that something is wrong, and counts nobody.
    """
    hidden = hidden_keys(audit.counts)
    rows = tuple(_row(row) if _is_hidden(row.key, hidden) else row for row in audit.rows)
    gaps = tuple(_gap(gap) if _gap_is_hidden(gap, hidden) else gap for gap in audit.gaps)
    other = shared(audit.own_decisions) if audit.own_decisions is not None else None
    return replace(audit, rows=rows, gaps=gaps, counts={}, own_decisions=other)


def hidden_keys(counts: Mapping[Key, Counts]) -> set[Key]:
    """Return what is hidden: keys whose measure says what: "" everything of a group, "list" its list measures."""
    hidden: set[Key] = set()
    # Pairs after the groups that they divide, everyone after the lists into which it falls.
    divisions = dict.fromkeys(replace(key, group="") for key in counts)
    for division in sorted(divisions, key=lambda key: (TIMES in key.group_by, key.population == EVERYONE)):
        groups = {key.group: each for key, each in counts.items() if replace(key, group="") == division}
        slices = slices_of(list(groups), division.group_by)
        whole = hide(_tables(groups, _OUTCOMES), slices, _given_away(division, groups, hidden))
        listed = hide(_tables(groups, _ON_LIST), slices, whole)
        hidden |= {replace(division, group=group) for group in whole}
        hidden |= {replace(division, group=group, measure="list") for group in listed}
    return hidden


def slices_of(groups: Sequence[str], group_by: str) -> list[Hidden]:
    """Return the sets of groups whose total a reader knows: all, and for a pair all with one value of either.

    >>> [sorted(each) for each in slices_of(["yes × K", "yes × N", "no × K"], "pupil_premium × sen")][1:3]
    [['yes × K', 'yes × N'], ['no × K']]
    """
    slices = [set(groups)]
    for place in range(len(group_by.split(TIMES)) if TIMES in group_by else 0):
        values = dict.fromkeys(group.split(TIMES)[place] for group in groups)
        slices += [{group for group in groups if group.split(TIMES)[place] == value} for value in values]
    return slices


def _tables(groups: Mapping[str, Counts], names: Sequence[str]) -> list[Table]:
    return [{group: getattr(counts, name) for group, counts in groups.items()} for name in names]


def _given_away(division: Key, groups: Iterable[str], hidden: set[Key]) -> Hidden:
    """Return the groups hidden because a group they divide is, or, for everyone, because they are on a list."""
    on_a_list = {(key.group_by, key.group, key.contender) for key in hidden if not key.measure}
    seeds: Hidden = set()
    for group in groups:
        of_everyone = division.population == EVERYONE and (division.group_by, group, division.contender) in on_a_list
        if of_everyone or hidden.intersection(_parts(replace(division, group=group))):
            seeds.add(group)
    return seeds


def _parts(key: Key) -> list[Key]:
    """Return the groups that a pair divides; none for a single group."""
    if TIMES not in key.group_by:
        return []
    parts = zip(key.group_by.split(TIMES), key.group.split(TIMES), strict=True)
    return [replace(key, group_by=column, group=value) for column, value in parts]


def _is_hidden(key: Key, hidden: set[Key]) -> bool:
    group = replace(key, measure="")
    return group in hidden or (key.measure in LIST_MEASURES and replace(key, measure="list") in hidden)


def _gap_is_hidden(gap: GapRow, hidden: set[Key]) -> bool:
    """Tell whether either side is hidden: a gap and one side tell the other."""
    return _is_hidden(gap.key, hidden) or _is_hidden(replace(gap.key, group=gap.against), hidden)


def _row(row: AuditRow) -> AuditRow:
    return AuditRow(row.key, None, None, None, None, None, None, "suppressed")


def _gap(gap: GapRow) -> GapRow:
    return GapRow(gap.key, gap.against, None, None, None, None, None, "suppressed", alarm=gap.alarm, worse=gap.worse)
