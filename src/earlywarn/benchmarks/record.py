"""A benchmark: the mean of a group of a school's people beside others like them; and its file, without a person in it.

Kept as `benchmarks.json`: the measures once, then a row for each school, group, measure and wave.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal

from earlywarn.errors import TableError

EVERYONE = "everyone"
WHOLE_TRUST = ""  # in the place of a school: the people of all schools that are shown
OK: Literal["ok"] = "ok"
SUPPRESSED: Literal["suppressed"] = "suppressed"

Audience = Literal["pupil", "parent", "staff", "register"]
Stands = Literal["above", "about the same", "below"]
ALIKE: Literal["about the same"] = "about the same"
FORMAT = 1


@dataclass(frozen=True)
class Measure:
    """What is measured.

    name     : the questionnaire and its scale, such as "pupil_engagement.belonging", or "absence".
    audience : who answered; "register" for what is counted from marks.
    label    : what a reader is shown.
    risk     : -1 where a high value goes with lower risk, 1 with higher, 0 where that is not known.
    """

    name: str
    audience: Audience
    label: str
    risk: int


@dataclass(frozen=True)
class Benchmark:
    """The mean of one measure in a group of a school's people, and what it stands beside; None: cannot be said.

    school_id        : "" for the people of all schools that are shown (staff by role).
    group_by, group  : "everyone", or a column such as "year_group" and its value.
    wave             : the day the wave closed; None for what is counted up to the date.
    status           : "ok", or "suppressed": no number of the group is shown.
    respondents      : people with a value, of `asked` (None where that would tell of one to four who did not answer).
    value            : their mean: a scale out of 10, absence as a share of possible sessions, 0 to 1.
    trust_value      : the mean of the same group at the other schools, in the year groups that this school has.
    expected         : the mean of others like these people at the other schools, one by one (`likes`).
    margin           : `value` stands apart from `expected` where they differ by more: half of the 99% interval.
    change           : mean change since the wave before, of those who answered both, on the same questions.
    change_margin    : half of its 99% interval.
    change_respondents : people with a change.
    trust_change     : the mean change of the same group at the other schools.
    """

    school_id: str
    group_by: str
    group: str
    measure: Measure
    wave: date | None
    status: Literal["ok", "suppressed"]
    respondents: int | None = None
    asked: int | None = None
    value: float | None = None
    trust_value: float | None = None
    expected: float | None = None
    margin: float | None = None
    change: float | None = None
    change_margin: float | None = None
    change_respondents: int | None = None
    trust_change: float | None = None

    @property
    def stands(self) -> Stands | None:
        """Where the group stands beside others like it; None where there are none to stand beside."""
        if self.value is None or self.expected is None or self.margin is None:
            return None
        return _apart(self.value - self.expected, self.margin)

    @property
    def moved(self) -> Stands | None:
        """Where the group stands beside its own last wave; None without one to compare with."""
        if self.change is None or self.change_margin is None:
            return None
        return _apart(self.change, self.change_margin)


def _apart(difference: float, margin: float) -> Stands:
    if abs(difference) <= margin:
        return ALIKE
    return "above" if difference > 0 else "below"


def write_benchmarks(path: Path, benchmarks: Sequence[Benchmark]) -> None:
    """Write benchmarks as JSON; the same benchmarks give the same bytes."""
    measures = [asdict(measure) for measure in dict.fromkeys(each.measure for each in benchmarks)]
    parts = {"measures": measures, "benchmarks": [_record(each) for each in benchmarks]}
    told = ",\n".join(f'"{name}":[\n{_lines(rows)}\n]' for name, rows in parts.items())
    path.write_text(f'{{"format":{FORMAT},\n{told}}}\n', encoding="utf-8", newline="\n")


def _lines(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return a line for each row: quick to write, and to look through."""
    return ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)


def read_benchmarks(path: Path) -> tuple[Benchmark, ...]:
    """Read what `write_benchmarks` wrote; a file that is anything else is a TableError."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise ValueError
        measures = {each["name"]: Measure(**each) for each in found["measures"]}
        return tuple(_benchmark(row, measures) for row in found["benchmarks"])
    except (OSError, KeyError, TypeError, ValueError, AttributeError):
        raise TableError(
            f"{path}: missing, damaged, or not of this version", fix="score again with `earlywarn score`"
        ) from None


_NAMES = tuple(field.name for field in fields(Benchmark))


def _record(benchmark: Benchmark) -> dict[str, Any]:
    """Return what is known of a benchmark; what is None is left out."""
    wave = benchmark.wave.isoformat() if benchmark.wave else None
    record = {name: getattr(benchmark, name) for name in _NAMES} | {"measure": benchmark.measure.name, "wave": wave}
    return {name: value for name, value in record.items() if value is not None}


def _benchmark(row: Mapping[str, Any], measures: Mapping[str, Measure]) -> Benchmark:
    wave = date.fromisoformat(row["wave"]) if "wave" in row else None
    return Benchmark(**{**row, "measure": measures[row["measure"]], "wave": wave})
