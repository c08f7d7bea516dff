"""A small trust for benchmarks: pupils by the dozen, what they answered, and the marks they got."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from earlywarn.benchmarks import Benchmark, Measure, benchmarks_of
from earlywarn.features.gather import Sources
from earlywarn.surveys.instrument import Instrument, Item, Scale
from text_school import school

AS_OF = date(2024, 11, 4)
CALM = Instrument(
    name="feelings",
    audience="pupil",
    title="How school feels",
    source="made up for tests",
    answers=(1, 5),
    scales=(Scale(name="calm", domain="school", label="calm at school", high_means="feels calm", risk=-1),),
    items=(Item(id="calm", scale="calm", wording="I feel calm."),),
)
WAVES = """\
wave_id,instrument,audience,opens_on,closes_on
one,feelings,pupil,2024-09-23,2024-09-29
two,feelings,pupil,2024-10-14,2024-10-20
"""


@dataclass(frozen=True)
class Pupils:
    """Some pupils alike. `answers` are theirs by wave, "" for none; `absent` counts the sessions missed, of 40."""

    school: str
    year: int
    count: int
    answers: dict[str, Sequence[float | str]] = field(default_factory=dict)
    absent: int = 0
    premium: str = "false"
    joined: str = "2023-09-04"

    def ids(self) -> list[str]:
        return [f"p{self.school}-{self.year}-{self.premium}-{self.absent}-{self.joined}-{i}" for i in range(self.count)]


@contextmanager
def trust(
    folder: Path, *groups: Pupils, waves: str = WAVES, today: date | None = None, **tables: str
) -> Iterator[Sources]:
    """Open a trust of these pupils, with more tables if they are given."""
    own = {"pupils": _roll(groups), "attendance": _marks(groups), "waves": waves, "responses": _responses(groups)}
    config = {"data_to": today}
    with school(folder, instruments={"feelings": CALM}, config=config, **{**own, **tables}) as sources:
        yield sources


def told(folder: Path, *groups: Pupils, as_of: date = AS_OF, waves: str = WAVES) -> tuple[Benchmark, ...]:
    """Return the benchmarks of a trust of these pupils."""
    with trust(folder, *groups, waves=waves) as sources:
        return benchmarks_of(sources, as_of)


def one_of(benchmarks: Sequence[Benchmark], **wanted: Any) -> Benchmark:
    """Return the one benchmark with these values; `measure` by its name."""
    found = [each for each in benchmarks if all(_value(each, name) == value for name, value in wanted.items())]
    assert len(found) == 1, [
        (each.school_id, each.group_by, each.group, each.measure.name, each.wave) for each in found
    ]
    return found[0]


def _value(benchmark: Benchmark, name: str) -> object:
    return benchmark.measure.name if name == "measure" else getattr(benchmark, name)


def _roll(groups: Sequence[Pupils]) -> str:
    rows = ["person_id,school_id,year_group,joined_on,pupil_premium,known_on"]
    for each in groups:
        rows += [f"{one},{each.school},{each.year},{each.joined},{each.premium},{each.joined}" for one in each.ids()]
    return "\n".join(rows) + "\n"


def _marks(groups: Sequence[Pupils]) -> str:
    rows = ["person_id,school_id,date,session,code,known_on"]
    days = [date(2024, 9, 2) + timedelta(days=7 * week + at) for week in range(4) for at in range(5)]
    for each in groups:
        for one in each.ids():
            for number, day in enumerate(days):
                if str(day) < each.joined:
                    continue
                codes = ["I" if 2 * number + half < each.absent else "/" for half in (0, 1)]
                rows += [f"{one},{each.school},{day},{s},{c},{day}" for s, c in zip(("AM", "PM"), codes, strict=True)]
    return "\n".join(rows) + "\n"


def _responses(groups: Sequence[Pupils]) -> str:
    rows = ["wave_id,person_id,item,answer"]
    for each in groups:
        for wave, answers in each.answers.items():
            rows += [f"{wave},{one},calm,{said}" for one, said in zip(each.ids(), answers, strict=False) if said != ""]
    return "\n".join(rows) + "\n"


BELONGING = Measure("pupil_engagement.belonging", "pupil", "belonging and safety at school", -1)
ABSENCE = Measure("absence", "register", "absence so far this year", 1)
HOME = Measure("parent_view.home", "parent", "mornings and support at home", -1)
WORKLOAD = Measure("staff_engagement.workload", "staff", "workload", -1)


def shown(school_id: str, value: float, measure: Measure = BELONGING, **more: Any) -> Benchmark:
    """Return a benchmark of a whole school that stands beside 6.0, or 5% of absence, with room for 0.5 or 1%."""
    share = measure.audience == "register"
    made = Benchmark(
        school_id, "everyone", "everyone", measure, None if share else date(2026, 10, 16), "ok", 80, 95, value
    )
    return replace(made, **({"expected": 0.05 if share else 6.0, "margin": 0.01 if share else 0.5} | more))
