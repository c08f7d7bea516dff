"""What an audit says beyond groups and gaps: details, why a gap is there, what could be done, which limits are kept.

In:  `Subjects`, and where there are any the tested model (`Explained`) and the training rows (`Learnt`).
Out: `Parts`: tidy rows of each kind, plain for `audit.json`; `shared` as they may leave the school.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from earlywarn.audit.carriers import Carrier, Noise
from earlywarn.audit.details import SHARED_DECIMALS, Detail, shared_details
from earlywarn.audit.limits import LimitResult, shared_limits
from earlywarn.audit.remedies import Remedy
from earlywarn.audit.rows import AuditRow, Key
from earlywarn.audit.subjects import MODEL
from earlywarn.audit.why import Part

DECIMALS = 6
_INNER = ("key", "small")
Divided = TypeVar("Divided", Part, Carrier, Remedy)
Row = TypeVar("Row", Part, Carrier, Noise, Remedy)


@dataclass(frozen=True)
class Parts:
    """Everything beyond groups and gaps; what was not asked for, or has no data, is empty.

    details  : other lengths of list, dates, schools, spread of risks.
    why      : the parts of each gap.
    carriers : the themes that carry a gap inside the model.
    noise    : what a noisier survey of a group would change.
    remedies : what could be done, and its cost.
    limits   : what the config asks, and whether it is kept.
    """

    details: tuple[Detail, ...] = ()
    why: tuple[Part, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    noise: tuple[Noise, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    limits: tuple[LimitResult, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the parts for `audit.json`."""
        return {
            "details": [_plain(each) for each in self.details],
            "why": [_plain(each) for each in self.why],
            "carriers": [_plain(each) for each in self.carriers],
            "noise": [_plain(each) for each in self.noise],
            "remedies": [_plain(each) for each in self.remedies],
            "limits": [each.as_dict() for each in self.limits],
        }


def shared_parts(parts: Parts, rows: Sequence[AuditRow]) -> Parts:
    """Return the parts as they may leave the school; `rows` are the audit's, with small numbers hidden already.

    What is told of a hidden group goes: its rows are left out, but for lines of details, which say that they are
    hidden. Everything else is rounded to whole percentages and told without counts.
    """
    hidden = _hidden_in(rows)
    return Parts(
        details=shared_details(parts.details, hidden),
        why=tuple(replace(_rounded(each), n=None) for each in _shown(parts.why, hidden)),
        carriers=tuple(_rounded(each) for each in _shown(parts.carriers, hidden)),
        noise=tuple(_rounded(each) for each in parts.noise if not hidden(each.key)),
        remedies=tuple(_rounded(each) for each in _shown(parts.remedies, hidden)),
        limits=shared_limits(parts.limits, hidden),
    )


def _hidden_in(rows: Sequence[AuditRow]) -> Callable[[Key], bool]:
    """Return what tells whether a key's group is hidden on its list; a group without a row is."""
    shown = {
        _whose(row.key)
        for row in rows
        if row.key.contender == MODEL and row.key.measure == "recall" and row.status != "suppressed"
    }
    return lambda key: _whose(key) not in shown


def _whose(key: Key) -> tuple[str, str, str]:
    return key.population, key.group_by, key.group


def _shown(rows: Sequence[Divided], hidden: Callable[[Key], bool]) -> list[Divided]:
    """Return the rows of which neither group is hidden."""
    return [row for row in rows if not hidden(row.key) and not hidden(replace(row.key, group=row.against))]


def _rounded(row: Row) -> Row:
    return replace(row, **_round_all(vars(row), SHARED_DECIMALS))  # type: ignore[arg-type]  # only floats are replaced


def _plain(row: Any) -> dict[str, Any]:
    """Return a row as `audit.json` holds it: the key first, plain numbers, rounded."""
    shown = {name: value for name, value in vars(row).items() if name not in _INNER}
    return {**vars(row.key), **shown, **_round_all(shown, DECIMALS)}


def _round_all(values: Mapping[str, Any], decimals: int) -> dict[str, float]:
    """Return the values that are floats, rounded."""
    return {name: round(float(value), decimals) for name, value in values.items() if isinstance(value, float)}
