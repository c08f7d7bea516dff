"""What is asked of the simulator, and what it says it wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from earlywarn.errors import ConfigError
from earlywarn.simulate.scenarios import SCENARIOS, Scenario

Domain = Literal["cognitive", "emotional", "behavioural"]
DOMAINS: tuple[Domain, ...] = get_args(Domain)
Group = Literal["fsm", "sen", "eal"]
GROUPS: tuple[Group, ...] = get_args(Group)
REFERENCE_YEARS = (2022, 2023, 2024)


@dataclass(frozen=True)
class Plan:
    """A trust to be made up; the same plan gives the same bytes.

    schools           : schools of the trust: two in three are primaries, about one in twenty is a special school.
    pupils            : pupils on roll on any one day, near enough.
    years             : complete school years.
    current_weeks     : school weeks of the year in progress that follow them.
    last_year         : the calendar year in which the last complete school year began.
    seed              : where every draw comes from.
    engagement_effect : how far engagement moves later absence (and, for staff, leaving)
                        beyond what absence to date tells: 1 is a partial correlation of
                        about -0.10 with next term's absence; at 0 the answers and the
                        response depend on marks already made only.
    effect_domains    : the domains of engagement that do so, in equal parts.
    effect_lead_weeks : school weeks from the close of a wave until what it asks about begins to act.
    noisier_for       : groups of pupils whose answers hold twice the noise.
    reference_year    : the year of England's that every simulated year is like: 2022 is 2022/23.
    scenario          : the name of a shock, see `scenarios`; empty for none. It begins with the last complete year.
    years_seed        : where waves of illness and days of snow come from, which all schools of a country share in
                        a year: plans of another seed and the same one here are other schools in the same years.
                        None: the seed.
    """

    schools: int = 20
    pupils: int = 8000
    years: int = 3
    current_weeks: int = 9
    last_year: int = 2025
    seed: int = 1
    engagement_effect: float = 1.0
    effect_domains: tuple[Domain, ...] = DOMAINS
    effect_lead_weeks: int = 0
    noisier_for: tuple[Group, ...] = ()
    reference_year: int = 2022
    scenario: str = ""
    years_seed: int | None = None

    def __post_init__(self) -> None:
        limits = {
            "schools": (1, 2000),
            "pupils": (50 * self.schools, 2000 * self.schools),
            "years": (1, 10),
            "current_weeks": (0, 38),
            "engagement_effect": (0, 5),
            "effect_lead_weeks": (0, 36),
        }
        for name, (low, high) in limits.items():
            if not low <= (given := getattr(self, name)) <= high:
                raise ConfigError(
                    f"{name} is {given}, which is outside {low} to {high}",
                    fix=f"give {name} between {low} and {high}"
                    + (", 50 to 2,000 pupils a school" if name == "pupils" else ""),
                )
        _one_of("reference_year", (self.reference_year,), REFERENCE_YEARS)
        _one_of("scenario", (self.scenario,), ("", *SCENARIOS))
        _one_of("effect_domains", self.effect_domains, DOMAINS)
        _one_of("noisier_for", self.noisier_for, GROUPS)
        if not self.effect_domains:
            raise ConfigError("effect_domains is empty", fix="name a domain, or give engagement_effect 0")

    @property
    def school_years(self) -> tuple[int, ...]:
        """Return the calendar years in which the simulated school years begin.

        >>> Plan(years=2, current_weeks=0).school_years
        (2024, 2025)
        """
        in_progress = self.current_weeks > 0
        return tuple(range(self.last_year - self.years + 1, self.last_year + 1 + in_progress))

    def shock(self, year: int) -> Scenario:
        """Return what is out of the ordinary in a school year, counted from 0: nothing before the last complete one.

        >>> Plan(scenario="drift").shock(0).absence, Plan(scenario="drift").shock(2).absence
        (0.0, 0.25)
        """
        planned = SCENARIOS[self.scenario] if self.scenario else Scenario()
        return planned if planned.always or self.school_years[year] >= self.last_year else Scenario()


def _one_of(name: str, given: tuple[object, ...], known: tuple[object, ...]) -> None:
    """Refuse a choice that is not offered."""
    for one in given:
        if one not in known:
            offered = ", ".join(str(choice) for choice in known if choice != "")
            raise ConfigError(f"{name} has no {one!r}", fix=f"choose from: {offered}")


@dataclass(frozen=True)
class Simulated:
    """Where a trust was written, and how many rows each table has."""

    folder: Path
    rows: Mapping[str, int]
