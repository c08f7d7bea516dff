"""A number with what it rests on: the form in which every measure is kept and shown."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isnan
from typing import Any

NOT_ESTIMABLE = "not estimable"
DECIMALS = 6


@dataclass(frozen=True)
class Estimate:
    """A measure's value and its 95% interval.

    `value`, `low` and `high` are None where they cannot be estimated; `n` counts
    the rows it rests on (people on as-of dates), `positives` those with the outcome.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    positives: int

    @property
    def status(self) -> str:
        """`ok`, or `not estimable`."""
        return "ok" if self.value is not None else NOT_ESTIMABLE

    def as_dict(self) -> dict[str, Any]:
        """Return the estimate for `metrics.json`."""
        return asdict(self) | {"status": self.status}


def plain(found: Any) -> Any:
    """Return nested results as plain data for `metrics.json`: rounded to 6 decimals, None for NaN.

    >>> plain({"auc": Estimate(0.75, None, None, 40, 10), "shares": (1 / 3, float("nan"))})["shares"]
    [0.333333, None]
    """
    if hasattr(found, "as_dict"):
        found = found.as_dict()
    if isinstance(found, Mapping):
        return {name: plain(each) for name, each in found.items()}
    if isinstance(found, list | tuple):
        return [plain(each) for each in found]
    if isinstance(found, float):
        return None if isnan(found) else round(float(found), DECIMALS)
    return found
