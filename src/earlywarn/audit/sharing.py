"""The audit as it may be shared beyond the school: small numbers hidden, with those that would give them away.

In:  an `Audit`.
Out: the same with status "suppressed" and no numbers where the policy (`disclosure`) asks for it, and
     the reading made again from what is left.

What must not come out is a count of 1 to 4 people: with or without the outcome, on or off a list. A group
is hidden whole, since recall, precision and false reassurance together tell every count behind them.
A reader can take groups from the total of a list, pairs from the groups that they divide, and the two
lists from everyone; wherever that would give a hidden group away, another is hidden with it. The model report
tells of schools, year groups, roles and phases, too: what it hides is hidden here (`hidden_in_report`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

from earlywarn.audit.audit import Audit
from earlywarn.audit.groups import NOT_RECORDED, TIMES, TOLD, Strings, Told
from earlywarn.audit.measure import LIST_MEASURES, Counts
from earlywarn.audit.parts import shared_parts
from earlywarn.audit.rows import AuditRow, GapRow, Key
from earlywarn.audit.subjects import MODEL
from earlywarn.disclosure import Hidden, Table, hide

Reading = Callable[[str], str]
Tellings = Mapping[str, Told]
EVERYONE = "everyone"

_OUTCOMES = ("with_outcome", "without")
_ON_LIST = ("found", "listed_in_vain", "missed", "passed_over")
# What the model report calls a column by another name.
_IN_REPORT = {"school": "school_id"}


def shared(audit: Audit, elsewhere: Collection[Key] = ()) -> Audit:
    """Return the audit with everything hidden that may not leave the school.

    An alarm stays: it says that something is wrong, and counts nobody.

    elsewhere : what another table of the same people hides (`hidden_in_report`). Two tables that each hide a second
                group, and not the same one, would give away the first.
    """
    hidden = hidden_keys(audit.counts, tellings(audit.labels), elsewhere)
    rows = tuple(_row(row) if _is_hidden(row.key, hidden) else row for row in audit.rows)
    gaps = tuple(_gap(gap) if _gap_is_hidden(gap, hidden) else gap for gap in audit.gaps)
    other = shared(audit.own_decisions, elsewhere) if audit.own_decisions is not None else None
    parts = shared_parts(audit.parts, rows)
    return replace(audit, rows=rows, gaps=gaps, counts={}, labels={}, own_decisions=other, parts=parts)


def hidden_in_report(by: Mapping[str, Sequence[Mapping[str, Any]]]) -> set[Key]:
    """Return what the model report hides of each school, year group, role or phase; `by` as in `metrics.json`.

    A key's measure is "" where everything is hidden (the AUC among it), and "list" where a measure of the list is.
    The list is the model's; how many had the outcome is the same whoever ranks them, and has no contender.
    """
    return {
        Key(row["population"], _IN_REPORT.get(kind, kind), row["group"], *_HIDDEN_THERE[row["measure"]])
        for kind, rows in by.items()
        for row in rows
        if row["status"] == "suppressed" and row["measure"] in _HIDDEN_THERE
    }


_HIDDEN_THERE = {"auc": ("", ""), "recall": (MODEL, "list"), "precision": (MODEL, "list")}


def tellings(labels: Mapping[str, Strings]) -> Tellings:
    """Return which columns are told by others: those of `groups.TOLD`, and the phase by the school.

    labels : name of a column or pair -> (n,) str, the group of each row.

    >>> import numpy as np
    >>> labels = {"school_id": np.array(["a", "b"]), "phase × sen": np.array(["primary × K", "special × K"])}
    >>> tellings(labels)["phase"].says("b")
    'special'
    """
    pairs = set(zip(*(_column(name, labels) for name in ("school_id", "phase")), strict=False))
    phase_of = dict(pairs)
    if not pairs or len(phase_of) < len(pairs):  # not declared, or no matter of the school
        return TOLD
    return TOLD | {"phase": Told("school_id", phase_of.__getitem__)}


def _column(name: str, labels: Mapping[str, Strings]) -> list[str]:
    """Return the labels of a column, from a pair if need be; none where it is in neither."""
    for group_by, each in labels.items():
        columns = group_by.split(TIMES)
        if name in columns:
            return [label.split(TIMES)[columns.index(name)] if len(columns) > 1 else label for label in each.tolist()]
    return []


def hidden_keys(counts: Mapping[Key, Counts], told: Tellings = TOLD, elsewhere: Collection[Key] = ()) -> set[Key]:
    """Return what is hidden: keys whose measure says what: "" everything of a group, "list" its list measures.

    told, elsewhere : as `tellings` and `hidden_in_report` return them.
    """
    hidden = {key for key in counts if replace(key, contender="") in elsewhere}
    hidden |= {key for group in counts if (key := replace(group, measure="list")) in elsewhere}
    # Pairs, and what tells other groups, after the groups that they divide; everyone after the lists it falls into.
    divisions = dict.fromkeys(replace(key, group="") for key in counts)
    for division in sorted(
        divisions, key=lambda key: (TIMES in key.group_by, _fineness(key, told), key.population == EVERYONE)
    ):
        groups = {key.group: each for key, each in counts.items() if replace(key, group="") == division}
        slices = slices_of(list(groups), division.group_by, told)
        whole = hide(_tables(groups, _OUTCOMES), slices, _given_away(division, groups, hidden, told))
        unlisted = {group for group in groups if replace(division, group=group, measure="list") in hidden}
        listed = hide(_tables(groups, _ON_LIST), slices, whole | unlisted)
        hidden |= {replace(division, group=group) for group in whole}
        hidden |= {replace(division, group=group, measure="list") for group in listed}
    return hidden


def _fineness(key: Key, told: Tellings) -> int:
    """Return how many columns of a division no other tells: groups that are told come before those that tell."""
    return sum(column not in told for column in key.group_by.split(TIMES))


def slices_of(groups: Sequence[str], group_by: str, told: Tellings = TOLD) -> list[Hidden]:
    """Return the sets of groups whose total a reader may know.

    All of them; of a pair, those with one value of either; and those of whom another column tells the same
    (`tellings`): pupils with SEN support and with EHC plans are together those with any SEN.

    >>> [sorted(each) for each in slices_of(["N", "K", "E"], "sen")]
    [['E', 'K'], ['E', 'K', 'N']]
    >>> [sorted(each) for each in slices_of(["yes × K", "yes × N", "no × K"], "pupil_premium × form")]
    [['no × K', 'yes × K', 'yes × N'], ['no × K', 'yes × K'], ['yes × K', 'yes × N']]
    """
    ways = product(*(_ways_to_read(column, told) for column in group_by.split(TIMES)))
    return [part for way in ways for part in _alike(groups, way) if len(part) > 1]


def _ways_to_read(column: str, told: Tellings) -> list[Reading]:
    """Return what a total may keep of a column's value: what it tells of another column, nothing, or all.

    Narrow totals come before the widest: a second group hidden for theirs mostly serves for it, too.
    """
    tells = [partial(_said, each.says) for each in told.values() if each.column == column]
    return [*tells, lambda value: "", lambda value: value]


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


def _given_away(division: Key, groups: Iterable[str], hidden: set[Key], told: Tellings) -> Hidden:
    """Return the groups hidden elsewhere, because a group they divide is, or, for everyone, on one of the lists."""
    on_a_list = {(key.group_by, key.group, key.contender) for key in hidden if not key.measure}
    seeds: Hidden = set()
    for group in groups:
        of_everyone = division.population == EVERYONE and (division.group_by, group, division.contender) in on_a_list
        key = replace(division, group=group)
        if of_everyone or hidden.intersection([key, *_parts(key, told)]):
            seeds.add(group)
    return seeds


def _parts(key: Key, told: Tellings) -> list[Key]:
    """Return the groups that this one divides: of a pair its two, of any what it tells of other columns."""
    columns = key.group_by.split(TIMES)
    values = key.group.split(TIMES) if len(columns) > 1 else [key.group]
    said = [
        [value, *(_said(each.says, value) for each in told.values() if each.column == column)]
        for column, value in zip(columns, values, strict=True)
    ]
    names = [[column, *(name for name, each in told.items() if each.column == column)] for column in columns]
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
