"""What may be shown beyond the school: the policy on small numbers, and nothing else.

In:  counts of people.
Out: the same counts with "c" where a number is too small to show, so that nobody is recognised.

The policy and where it comes from:
- "c" for a hidden number: the symbols of the Department for Education's statistics (*analysts' guide*,
  dfe-analytical-services, statistics-production/ud.qmd).
- Counts from 1 to 4 are hidden; stricter than the department's local authority tool, which hides 1 and 2
  (dfe-analytical-services/local-authority-interactive-tool).
- Whose group is not recorded, and who are so few that a number of theirs would be hidden, are counted with the
  largest group before anything is measured (`audit.groups`): the project's own rule. Reformatting a table is one of
  three answers to low counts in the *SRS Output Checking Guidance* (2022, section 6.1), beside suppression and
  rounding; unlike a hidden cell, joined groups leave nothing to take from a total. Rounding to 5, as Ofqual
  publishes its figures (gov.uk, *Rounding policy for statistical publications*), would not do here: exact totals of
  each list stand in `metrics.json`, and with few groups what rounded ones leave of them often tells a count of 1 to 4.
- A second cell is hidden where a total would give the first away, percentages need 10 people, and survey
  means 10 respondents: the project's own rule.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HIDDEN = "c"
SHOWN_FROM = 5
PERCENTAGE_FROM = 10
RESPONDENTS_FROM = 10
# Scores of staff are shown for groups of at least this many, unless the config asks for lists by person.
STAFF_GROUP_FROM = 10

Shown = int | str
Table = Mapping[str, int]
Hidden = set[str]


@dataclass(frozen=True)
class ShownCounts:
    """Counts that may be shared: cells by name, and their total."""

    cells: Mapping[str, Shown]
    total: Shown


def is_small(count: int) -> bool:
    """Tell whether a count is too small to show; 0 names nobody.

    >>> [is_small(count) for count in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return 0 < count < SHOWN_FROM


def shown_count(count: int) -> Shown:
    """Return the count, or "c" from 1 to 4.

    >>> [shown_count(count) for count in (0, 4, 5)]
    [0, 'c', 5]
    """
    return HIDDEN if is_small(count) else count


def suppress(counts: Mapping[str, int]) -> ShownCounts:
    """Hide small cells of a table that is shown with its total, and as many more as would give them away.

    A reader can take the shown cells from the total. So what is hidden is never one cell alone, and
    never fewer than five people together; the next smallest cells are hidden until that holds.

    >>> suppress({"N": 90, "K": 12, "E": 3}).cells
    {'N': 90, 'K': 'c', 'E': 'c'}
    """
    hidden = {name for name, count in counts.items() if is_small(count)}
    total = sum(counts.values())
    if hidden and not is_small(total):
        # Zeros come last: hiding one adds nobody to those among whom a person is hidden.
        rest = sorted(counts.keys() - hidden, key=lambda name: (counts[name] == 0, counts[name], name))
        while rest and (len(hidden) < 2 or sum(counts[name] for name in hidden) < SHOWN_FROM):
            hidden.add(rest.pop(0))
    cells: dict[str, Shown] = {name: HIDDEN if name in hidden else count for name, count in counts.items()}
    return ShownCounts(cells, shown_count(total))


def hide(tables: Sequence[Table], slices: Sequence[Hidden], hidden: Hidden, least: int = SHOWN_FROM) -> Hidden:
    """Return the groups to hide: the small ones, and the next smallest until no total gives one away.

    tables : group -> count, each shown beside its totals.
    slices : sets of groups whose total is known.
    least  : how many people may be shown, and must be hidden together where any are.

    >>> sorted(hide([{"N": 90, "K": 12, "E": 3}], [{"N", "K", "E"}], set()))
    ['E', 'K']
    """
    hidden = hidden | {group for table in tables for group, count in table.items() if 0 < count < least}
    while unsafe := [
        (table, part - hidden)
        for table in tables
        for part in slices
        if part - hidden and _tells(table, part & hidden, least)
    ]:
        table, rest = unsafe[0]
        # Zeros come last: hiding one adds nobody to those among whom a person is hidden.
        hidden = hidden | {min(rest, key=lambda group: (table[group] == 0, table[group], group))}
    return hidden


def _tells(table: Table, hidden: Hidden, least: int) -> bool:
    """Tell whether a total gives away what is hidden: one group alone, or fewer than `least` people together."""
    return bool(hidden) and (len(hidden) < 2 or sum(table[group] for group in hidden) < least)


def percentage(numerator: int, denominator: int) -> int | None:
    """Return a whole percentage, or None where it may not be shown.

    It needs 10 people below the line, and neither those counted nor the others may be 1 to 4: with
    the denominator beside it, "96% of 50" tells that 2 are left.

    >>> percentage(5, 10), percentage(5, 9), percentage(4, 20), percentage(18, 20), percentage(0, 20)
    (50, None, None, None, 0)
    """
    if denominator < PERCENTAGE_FROM or is_small(numerator) or is_small(denominator - numerator):
        return None
    return (200 * numerator + denominator) // (2 * denominator)


def survey_mean(mean: float, respondents: int) -> float | None:
    """Return the mean of a survey scale, or None with fewer than 10 respondents.

    >>> survey_mean(6.2, 9), survey_mean(6.2, 10)
    (None, 6.2)
    """
    return mean if respondents >= RESPONDENTS_FROM else None
