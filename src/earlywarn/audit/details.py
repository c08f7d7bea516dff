"""What stands behind an audit's gaps: longer and shorter lists, each date, each school, the spread of risks.

In:  `Subjects`.
Out: `Detail` rows, one number each: recall and false alarms of a group as places grow, and on each
     as-of date; the risks that cut a group into tenths; in how many schools a gap points the same way.

A number that rests on fewer than ten people is not given. `small` marks those behind which a count of
one to four people stands: they stay in the school (`shared_details`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

import numpy as np

from earlywarn.audit.groups import TIMES, Strings
from earlywarn.audit.measure import FEWEST
from earlywarn.audit.rows import Key
from earlywarn.audit.subjects import MODEL, Subjects
from earlywarn.config import Places
from earlywarn.disclosure import is_small
from earlywarn.evaluate.measures import Bools, Floats, Ints

Kind = Literal["length", "date", "risk", "schools"]
LENGTHS = (0.01, 0.02, 0.03, 0.05, 0.075, 0.10, 0.15, 0.20, 0.25, 0.30)
TENTHS = tuple(tenth / 10 for tenth in range(1, 10))
# People with the outcome that each of two groups needs at a school for the school to be counted.
FEWEST_AT_SCHOOL = 5
FEWEST_SCHOOLS = 5
SHARED_DECIMALS = 2
PERCENTAGES_HIDE = 100  # of so many people, a whole percentage tells no single one


@dataclass(frozen=True)
class Detail:
    """One number about one group.

    kind  : length: `at` is the share of the roll that the list holds; date: the as-of date; risk: the share of
            the group at or below the value, which is a probability; schools: "compared", "missed more", "missed less".
    value : a share from 0 to 1, or a number of schools; None if too few people stand behind it, or hidden.
    n     : people behind it; None once shared.
    small : whether a count from 1 to 4 could be told from it; never written.
    """

    kind: Kind
    key: Key
    at: float | str
    value: float | None
    n: int | None
    small: bool = False


def details(subjects: Subjects, probability: Floats | None) -> tuple[Detail, ...]:
    """Return the details of every list and grouping; `probability` (n,) is the model's, if it gives one."""
    found: list[Detail] = []
    for population in subjects.populations:
        found += _by_length(subjects, population)
        listed = subjects.listed(subjects.ranks[MODEL], population)
        found += _by_date(subjects, population, listed)
        found += _by_school(subjects, population, listed)
        if probability is not None:
            found += _risks(subjects, population, probability)
    return tuple(found)


def _groups(subjects: Subjects, population: str) -> Iterator[tuple[str, str, Bools]]:
    """Yield each group of a list: its column or pair, its name, its rows."""
    members = subjects.populations[population]
    for group_by, labels in subjects.groups.items():
        for group in np.unique(labels[members]).tolist():
            yield group_by, group, members & (labels == group)


def _by_length(subjects: Subjects, population: str) -> Iterator[Detail]:
    """Yield what a list of each length is worth to each single group, for every contender."""
    groups = [each for each in _groups(subjects, population) if TIMES not in each[0]]
    for contender, share in product(subjects.ranks, LENGTHS):
        listed = subjects.listed(subjects.ranks[contender], population, Places(share=share, at_least=1))
        for group_by, group, rows in groups:
            key = Key(population, group_by, group, contender, "")
            yield from _of_list("length", key, share, subjects.outcome[rows], listed[rows])


def _by_date(subjects: Subjects, population: str, listed: Floats) -> Iterator[Detail]:
    dates = np.unique(subjects.as_of)
    for date, (group_by, group, rows) in product(dates, list(_groups(subjects, population))):
        then = rows & (subjects.as_of == date)
        key = Key(population, group_by, group, MODEL, "")
        yield from _of_list("date", key, str(date)[:10], subjects.outcome[then], listed[then])


def _of_list(kind: Kind, key: Key, at: float | str, outcome: Bools, listed: Floats) -> Iterator[Detail]:
    """Yield recall and false alarms of one group on one list; `small` where found, missed or listed in vain are few."""
    affected, seen, found = float(outcome.sum()), float(listed.sum()), float(listed[outcome].sum())
    few = [found, affected - found, seen - found, len(outcome) - affected]
    small = any(is_small(int(np.ceil(count))) for count in few)
    for measure, part, whole in (("recall", found, affected), ("false_alarms", seen - found, seen)):
        value = part / whole if whole >= FEWEST else None
        # From two lengths a reader could take who stands between them, if whole percentages told people one by one.
        told = kind == "length" and whole < PERCENTAGES_HIDE
        yield Detail(kind, replace(key, measure=measure), at, value, int(whole), small or told)


def _risks(subjects: Subjects, population: str, probability: Floats) -> Iterator[Detail]:
    """Yield the risks that cut each group into tenths; they need ten people each."""
    for group_by, group, rows in _groups(subjects, population):
        n = int(rows.sum())
        key = Key(population, group_by, group, MODEL, "risk")
        cuts = np.quantile(probability[rows], TENTHS) if n >= FEWEST * 10 else [None] * len(TENTHS)
        for at, cut in zip(TENTHS, cuts, strict=True):
            yield Detail("risk", key, at, None if cut is None else float(cut), n)


def _by_school(subjects: Subjects, population: str, listed: Floats) -> Iterator[Detail]:
    """Yield in how many schools both groups can be compared, and in how many of them more of the group are missed.

    Schools are counted, never shown one by one.
    """
    schools = np.unique(subjects.school, return_inverse=True)[1]
    for group_by, group, rows in _groups(subjects, population):
        against = subjects.against.get(group_by)
        if against is None or group == against:
            continue
        others = _members(subjects, population, subjects.groups[group_by], against)
        apart = _recalls(subjects, schools, listed, rows) - _recalls(subjects, schools, listed, others)
        apart = apart[~np.isnan(apart)]
        key, enough = Key(population, group_by, group, MODEL, "recall"), len(apart) >= FEWEST_SCHOOLS
        counts = {"compared": len(apart), "missed more": (apart < 0).sum(), "missed less": (apart > 0).sum()}
        for at, count in counts.items():
            yield Detail("schools", key, at, float(count) if enough else None, int(rows.sum()))


def _members(subjects: Subjects, population: str, labels: Strings, group: str) -> Bools:
    return np.asarray(subjects.populations[population] & (labels == group))


def _recalls(subjects: Subjects, school: Ints, listed: Floats, rows: Bools) -> Floats:
    """Return each school's recall among some rows; NaN where fewer than five of them had the outcome."""
    affected = rows & subjects.outcome
    count = int(school.max(initial=-1)) + 1
    whole = np.bincount(school[affected], minlength=count)
    part = np.bincount(school[affected], listed[affected], minlength=count)
    return np.where(whole >= FEWEST_AT_SCHOOL, part / np.maximum(whole, 1), np.nan)


def shared_details(found: Sequence[Detail], hidden: Callable[[Key], bool]) -> tuple[Detail, ...]:
    """Return the details that may leave the school: whole percentages, without counts.

    hidden : whether the numbers of a key's group are hidden in the audit itself.

    Where one group alone would be missing from a line of groups, the smallest of the others goes with it.
    """
    lines: dict[tuple[Key, Kind, float | str], list[Detail]] = {}
    for each in found:
        lines.setdefault((replace(each.key, group=""), each.kind, each.at), []).append(each)
    gone = {each for line in lines.values() for each in _hidden_of(line, hidden)}
    return tuple(replace(each, value=None if each in gone else _rounded(each.value), n=None) for each in found)


def _hidden_of(line: Sequence[Detail], hidden: Callable[[Key], bool]) -> list[Detail]:
    """Return which of the same number for several groups are hidden: never one alone."""
    gone = [each for each in line if each.small or hidden(each.key)]
    if line[0].kind == "schools":  # counts of schools give away nobody
        return gone
    rest = sorted((each for each in line if each not in gone), key=lambda each: each.n or 0)
    return gone + rest[:1] if len(gone) == 1 else gone


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, SHARED_DECIMALS)
