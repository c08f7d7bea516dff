"""Which groups may not be shown, when people are divided in several ways: by school, year group, date, phase.

In:  each way's groups, and how many distinct people of each sort are in each.
Out: for each way, the groups of which nothing may be shown, and those of which no measure of the list may.

What must not come out is a number behind 1 to 4 people: with or without the outcome, on or off a list. A reader can
take groups from the total of all, and schools from the total of their phase; wherever that would give a hidden group
away, another is hidden with it (`disclosure.hide`). A phase that would have to be hidden hides all phases of that
list: that costs fewer schools than to hide all of a phase.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from earlywarn.disclosure import Hidden, Table, hide
from earlywarn.evaluate.measures import Bools, Floats, Ints, Labels

OUTCOMES = ("with_outcome", "without")
ON_LIST = ("found", "listed_in_vain", "missed", "passed_over")


@dataclass(frozen=True)
class Division:
    """One way of dividing people.

    names  : the groups.
    code   : (n,) int, each row's group.
    tables : sort of people -> group -> distinct people.
    """

    names: tuple[str, ...]
    code: Ints
    tables: Mapping[str, Table]

    def some(self, sorts: tuple[str, ...]) -> list[Table]:
        """Return the tables of some sorts of people."""
        return [self.tables[sort] for sort in sorts]


@dataclass(frozen=True)
class Unshown:
    """Groups of which nothing is shown, and those (with them) of which no measure of the list is."""

    whole: Hidden = field(default_factory=set)
    listed: Hidden = field(default_factory=set)

    def and_also(self, other: "Unshown") -> "Unshown":
        """Return both together."""
        return Unshown(self.whole | other.whole, self.listed | other.listed)


def divide(labels: Labels, person: Labels, outcome: Bools, listed: Floats) -> Division:
    """Count the people of each group; who is tied at the last place is both on the list and not."""
    names, code = np.unique(labels.astype(str), return_inverse=True)
    people, who = np.unique(person, return_inverse=True)
    on, off = listed > 0, listed < 1
    sorts = dict(zip(OUTCOMES, (outcome, ~outcome), strict=True)) | dict(
        zip(ON_LIST, (outcome & on, ~outcome & on, outcome & off, ~outcome & off), strict=True)
    )

    def table(mask: Bools) -> Table:
        distinct = np.unique(code[mask] * len(people) + who[mask]) // max(len(people), 1)
        return dict(zip(names.tolist(), np.bincount(distinct, minlength=len(names)).tolist(), strict=True))

    return Division(tuple(names.tolist()), code, {sort: table(mask) for sort, mask in sorts.items()})


def hide_groups(divisions: Mapping[str, Division], before: Mapping[str, Unshown]) -> dict[str, Unshown]:
    """Return what may not be shown of each way of dividing the same people.

    before : what is hidden already, because it is elsewhere.
    """
    found: dict[str, Unshown] = {}
    # Ways with few groups first: their totals, where they are shown, give away the groups of the others.
    for kind in sorted(divisions, key=lambda kind: len(divisions[kind].names)):
        mine, every, seed = divisions[kind], set(divisions[kind].names), before.get(kind, Unshown())
        shown = [parts_of(mine, divisions[wider]) for wider in found if not found[wider].whole]
        slices = [*(part for parts in shown for part in parts), every]
        has_parts = any(parts_of(other, mine) for name, other in divisions.items() if name not in (kind, *found))
        whole = hide(mine.some(OUTCOMES), slices, seed.whole & every)
        whole = every if whole and has_parts else whole
        listed = hide(mine.some(ON_LIST), slices, whole | seed.listed & every)
        found[kind] = Unshown(whole, every if listed and has_parts else listed)
    return found


def parts_of(division: Division, wider: Division) -> list[Hidden]:
    """Return the sets of groups that make up each group of a wider division; none if it cuts through one.

    >>> schools = Division(("a", "b", "c"), np.array([0, 0, 1, 2]), {})
    >>> phases = Division(("primary", "special"), np.array([0, 0, 0, 1]), {})
    >>> [sorted(part) for part in parts_of(schools, phases)], parts_of(phases, schools)
    ([['a', 'b'], ['c']], [])
    """
    pairs = np.unique(np.column_stack([division.code, wider.code]), axis=0)
    if len(pairs) != len(division.names):
        return []
    return [{division.names[i] for i in pairs[pairs[:, 1] == at, 0]} for at in range(len(wider.names))]
