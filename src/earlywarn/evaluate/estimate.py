"""A number with what it rests on: the form in which every measure is kept and shown."""

from dataclasses import asdict, dataclass
from typing import Any

NOT_ESTIMABLE = "not estimable"


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
