"""The whole audit: every declared group, on every list, for every contender.

In:  who was listed by whom, what happened, and the people's characteristics: arrays and a frame of
     one row a person and as-of date. Any system's lists will do: a rule's, another vendor's.
Out: an `Audit`: rows, gaps, and a reading of them in words.

The same people may be audited twice, with a second version of the outcome that leaves out what is
partly the school's own decision: `beside` keeps the second within the first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from earlywarn.audit.gaps import compared, gaps_between, with_alarms
from earlywarn.audit.groups import Strings, group_columns, largest_recorded
from earlywarn.audit.measure import Counts, Measured, View, count_people, measure_groups, rows_of
from earlywarn.audit.parts import Parts
from earlywarn.audit.reading import About, read, read_beside, told
from earlywarn.audit.rows import AuditRow, GapRow, Key
from earlywarn.audit.why_words import words_of
from earlywarn.cells import safe_cell
from earlywarn.config import Fairness
from earlywarn.disclosure import is_small
from earlywarn.evaluate.intervals import clusters_of
from earlywarn.evaluate.measures import Bools, Floats, Labels

FORMAT = 1
DECIMALS = 6
# What rows carry from one step to the next, and no file holds; the key is written part by part.
_INNER = ("key", "differences", "error", "freedom")


@dataclass(frozen=True)
class Audit:
    """For whom the model works less well.

    comparisons   : how many gaps the family holds.
    counts        : distinct people behind each group's rows (`Key.measure` is ""); never written.
    own_decisions : the same audit with the school's own decisions taken out of the outcome, if made.
    labels        : name of a column or pair -> the group of each row, as it was audited; never written.
    parts         : what stands behind the gaps, why they are there, what could be done, and which limits are kept.
    """

    about: About
    rows: tuple[AuditRow, ...]
    gaps: tuple[GapRow, ...]
    notes: tuple[str, ...]
    comparisons: int
    counts: Mapping[Key, Counts]
    own_decisions: "Audit | None" = None
    labels: Mapping[str, Strings] = field(default_factory=dict, repr=False)
    parts: Parts = field(default_factory=Parts)

    @property
    def reading(self) -> tuple[str, ...]:
        """What the audit says, for a reader who is no statistician."""
        limits = tuple(each.words for each in self.parts.limits)
        return read(self.rows, self.gaps, self.comparisons, self.about) + limits + self.notes

    def as_dict(self) -> dict[str, Any]:
        """Return the audit for `audit.json`, rounded to 6 decimals."""
        other = self.own_decisions
        return {
            "format": FORMAT,
            "name": self.about.name,
            "outcome_words": self.about.outcome_words,
            "reading": list(self.reading),
            "comparisons": self.comparisons,
            "rows": [_plain(row) for row in self.rows],
            "gaps": [_plain(gap) for gap in self.gaps],
            "own_decisions": {
                "rows": [_plain(row) for row in other.rows] if other else [],
                "gaps": [_plain(gap) for gap in other.gaps] if other else [],
                "words": read_beside(self.gaps, other.gaps, self.about) if other else "",
            },
            "words": words_of(self.parts, told(self.rows, self.gaps), self.about.noun),
        } | self.parts.as_dict()


def audit(
    people: pd.DataFrame,
    *,
    outcome: Bools,
    listed: Mapping[str, Mapping[str, Floats]],
    risk: Mapping[str, Floats],
    populations: Mapping[str, Bools],
    fairness: Fairness,
    school: Labels,
    person: Labels,
    as_of: Labels,
    about: About,
) -> Audit:
    """Audit the lists of every contender.

    people      : n rows, with the columns of the declared groups.
    outcome     : (n,) bool.
    listed      : contender -> population -> (n,) float, the share in which each is listed (`places.listing`);
                  what stands outside the population is not read. The model goes by the name "model".
    risk        : contender -> (n,) float, a probability, for those of them that give one.
    populations : name -> (n,) bool, e.g. everyone, onset, already.
    school, person, as_of : (n,) any, without missing values.
    """
    clusters = clusters_of(school, person)
    date, who = (np.unique(each, return_inverse=True)[1] for each in (as_of, person))
    views = {
        (contender, population): View(outcome, shares, risk.get(contender), date, who, clusters)
        for contender, of_lists in listed.items()
        for population, shares in of_lists.items()
    }
    groups = group_columns(people, fairness, partial(_could_be_recognised, views, populations))
    rows: list[AuditRow] = []
    gaps: list[GapRow] = []
    counts: dict[Key, Counts] = {}
    for (contender, population), everyone in views.items():
        members = populations[population]
        view = everyone.of(members)
        for group_by, labels in groups.labels.items():
            measured = measure_groups(view, labels[members])
            about_group = Key(population, group_by, "", contender, "")
            counts |= {replace(about_group, group=group): each.counts for group, each in measured.items()}
            new_rows = list(_rows(measured, about_group))
            rows += new_rows
            gaps += _gaps(new_rows, measured, labels)
    found = Audit(about, tuple(rows), with_alarms(gaps), groups.notes, len(compared(gaps)), counts)
    return replace(found, labels=groups.labels)


def beside(first: Audit, own_decisions: Audit) -> Audit:
    """Return the audit with, beside it, the one that leaves out the school's own decisions."""
    return replace(first, own_decisions=own_decisions)


def to_frame(audit: Audit) -> pd.DataFrame:
    """Return the rows as a tidy frame, one a group and measure."""
    return pd.DataFrame([_plain(row) for row in audit.rows])


def gaps_frame(audit: Audit) -> pd.DataFrame:
    """Return the gaps as a tidy frame, one a group and measure."""
    return pd.DataFrame([_plain(gap) for gap in audit.gaps])


def as_csv(audit: Audit) -> str:
    """Return the rows as the text of `audit.csv`; a name that a spreadsheet would run as a formula stays text."""
    frame = to_frame(audit)
    if len(frame):
        frame["group"] = frame["group"].map(safe_cell)
    return str(frame.to_csv(index=False, lineterminator="\n"))


def _could_be_recognised(views: Mapping[tuple[str, str], View], populations: Mapping[str, Bools], rows: Bools) -> bool:
    """Tell whether any count of some people, on any list, is too small to show."""
    counts = (count_people(view.of(rows & populations[population])) for (_, population), view in views.items())
    return any(is_small(count) for each in counts for count in vars(each).values())


def _rows(measured: Mapping[str, Measured], about_group: Key) -> Iterator[AuditRow]:
    for group, each in measured.items():
        yield from rows_of(each, replace(about_group, group=group))


def _gaps(rows: list[AuditRow], measured: Mapping[str, Measured], labels: Strings) -> list[GapRow]:
    """Return the gaps to the largest recorded group of *all* lists, so that lists can be compared."""
    against = largest_recorded(labels)
    return gaps_between(rows, measured, against) if against is not None else []


def _plain(row: AuditRow | GapRow) -> dict[str, Any]:
    """Return a row as `audit.json` holds it: the key first, plain numbers, rounded."""
    shown = {name: value for name, value in vars(row).items() if name not in _INNER}
    return vars(row.key) | {
        name: round(float(value), DECIMALS) if isinstance(value, float) else value for name, value in shown.items()
    }
