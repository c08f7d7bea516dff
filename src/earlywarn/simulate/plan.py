"""What is asked of the simulator, and what it says it wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from earlywarn.errors import ConfigError


@dataclass(frozen=True)
class Plan:
    """A trust to be made up; the same plan gives the same bytes.

    schools           : schools of the trust, about seven primaries to three secondaries.
    pupils            : pupils on roll on any one day, near enough.
    years             : complete school years.
    current_weeks     : school weeks of the year in progress that follow them.
    last_year         : the calendar year in which the last complete school year began.
    seed              : where every draw comes from.
    engagement_effect : how far engagement moves later absence (and, for staff, leaving)
                        beyond what absence to date tells: 1 is a partial correlation of
                        about -0.10 with next term's absence; at 0 the answers and the
                        response depend on marks already made only.
    """

    schools: int = 20
    pupils: int = 8000
    years: int = 3
    current_weeks: int = 9
    last_year: int = 2025
    seed: int = 1
    engagement_effect: float = 1.0

    def __post_init__(self) -> None:
        limits = {
            "schools": (1, 2000),
            "pupils": (50 * self.schools, 2000 * self.schools),
            "years": (1, 10),
            "current_weeks": (0, 38),
            "engagement_effect": (0, 5),
        }
        for name, (low, high) in limits.items():
            if not low <= (given := getattr(self, name)) <= high:
                raise ConfigError(
                    f"{name} is {given}, which is outside {low} to {high}",
                    fix=f"give {name} between {low} and {high}"
                    + (", 50 to 2,000 pupils a school" if name == "pupils" else ""),
                )

    @property
    def school_years(self) -> tuple[int, ...]:
        """Return the calendar years in which the simulated school years begin.

        >>> Plan(years=2, current_weeks=0).school_years
        (2024, 2025)
        """
        in_progress = self.current_weeks > 0
        return tuple(range(self.last_year - self.years + 1, self.last_year + 1 + in_progress))


@dataclass(frozen=True)
class Simulated:
    """Where a trust was written, and how many rows each table has."""

    folder: Path
    rows: Mapping[str, int]
