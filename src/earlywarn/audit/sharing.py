"""The audit as it may be shared beyond the school: small numbers hidden, with those that would give them away.

In:  an `Audit`.
Out: the same with status "suppressed" and no numbers where the policy (`disclosure`) asks for it, and
     the reading made again from what is left.

What must not come out is a count of 1 to 4 people: with or without the outcome, on or off a list. A group
is hidden whole, since recall, precision and false reassurance together tell every count behind them.
A reader can take groups from the total of a list, pairs from the groups that they divide, and the two
lists from everyone; wherever that would give a hidden group away, another is hidden with it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product

from earlywarn.audit.audit import Audit
from earlywarn.audit.groups import NOT_RECORDED, TIMES, TOLD
from earlywarn.audit.measure import LIST_MEASURES, Counts
from earlywarn.audit.parts import shared_parts
from earlywarn.audit.rows import AuditRow, GapRow, Key
from earlywarn.disclosure import Hidden, Table, hide

Reading = Callable[[str], str]
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
    parts = shared_parts(audit.parts, rows)
    return replace(audit, rows=rows, gaps=gaps, counts={}, labels={}, own_decisions=other, parts=parts)


def hidden_keys(counts: Mapping[Key, Counts]) -> set[Key]:
    """Return what is hidden: keys whose measure says what: "" everything of a group, "list" its list measures."""
    hidden: set[Key] = set()
    # Pairs, and what tells other groups, after the groups that they divide; everyone after the lists it falls into.
    divisions = dict.fromkeys(replace(key, group="") for key in counts)
    for division in sorted(
        divisions, key=lambda key: (TIMES in key.group_by, _fineness(key), key.population == EVERYONE)
    ):
        groups = {key.group: each for key, each in counts.items() if replace(key, group="") == division}
        slices = slices_of(list(groups), division.group_by)
        whole = hide(_tables(groups, _OUTCOMES), slices, _given_away(division, groups, hidden))
        listed = hide(_tables(groups, _ON_LIST), slices, whole)
        hidden |= {replace(division, group=group) for group in whole}
        hidden |= {replace(division, group=group, measure="list") for group in listed}
    return hidden


def _fineness(key: Key) -> int:
    """Return how many columns of a division are told by others: groups that are told come before those that tell."""
    return sum(column not in TOLD for column in key.group_by.split(TIMES))


def slices_of(groups: Sequence[str], group_by: str) -> list[Hidden]:
    """Return the sets of groups whose total a reader may know.

    All of them; of a pair, those with one value of either; and those of whom another column tells the same
    (`groups.TOLD`): pupils with SEN support and with EHC plans are together those with any SEN.

    >>> [sorted(each) for each in slices_of(["N", "K", "E"], "sen")]
    [['E', 'K', 'N'], ['E', 'K']]
    >>> [sorted(each) for each in slices_of(["yes × K", "yes × N", "no × K"], "pupil_premium × form")]
    [['no × K', 'yes × K', 'yes × N'], ['no × K', 'yes × K'], ['yes × K', 'yes × N']]
    """
    ways = product(*(_ways_to_read(column) for column in group_by.split(TIMES)))
    return [part for way in ways for part in _alike(groups, way) if len(part) > 1]


def _ways_to_read(column: str) -> list[Reading]:
    """Return what a total may keep of a column's value: nothing, what another column tells of it, or all."""
    told = [partial(_said, told.says) for told in TOLD.values() if told.column == column]
    return [lambda value: "", *told, lambda value: value]


def _said(says: Reading, value: str) -> str:
    return value if value == NOT_RECORDED else says(value)


def _alike(groups: Sequence[str], way: Sequence[Reading]) -> Iterable[Hidden]:
    """Return the sets of groups that read alike, each part of a pair read in its own way."""
    found: dict[tuple[str, ...], Hidden] = {}
    for group in groups:
        values = group.split(TIMES) if len(way) > 1 else [group]
        found.setdefault(tuple(read(value) for read, value in zip(way, values, strict=True)), set()).add(group)
    return found.values()


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
    """Return the groups that this one divides: of a pair its two, of any what other columns tell of it."""
    columns = key.group_by.split(TIMES)
    values = key.group.split(TIMES) if len(columns) > 1 else [key.group]
    said = [
        [value, *(_said(told.says, value) for told in TOLD.values() if told.column == column)]
        for column, value in zip(columns, values, strict=True)
    ]
    names = [[column, *(name for name, told in TOLD.items() if told.column == column)] for column in columns]
    each = [
        replace(key, group_by=name, group=value)
        for of_column, of_value in zip(names, said, strict=True)
        for name, value in zip(of_column, of_value, strict=True)
    ]
    pairs = [
        replace(key, group_by=TIMES.join(group_by), group=TIMES.join(group))
        for group_by, group in zip(product(*names), product(*said), strict=True)
    ]
    return [part for part in dict.fromkeys([*each, *pairs]) if part != key]


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
