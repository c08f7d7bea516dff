"""Where a trust and its schools stand beside other trusts: benchmark files in, a page and a table out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from earlywarn.errors import ConfigError
from earlywarn.folders import written_whole
from earlywarn.report.compare_page import compare_csv, compare_page
from earlywarn.report.page import write_page
from earlywarn.study.benchmark_file import BenchmarkFile, read_benchmark
from earlywarn.study.placing import Placed, place_schools, place_trust
from earlywarn.study.school_groups import read_school_groups

_SIGN = "written-by-compare.txt"


@dataclass(frozen=True)
class Comparison:
    """Where it was written, and what was found."""

    folder: Path
    others: int
    placed: tuple[Placed, ...]


def compare(mine_path: Path, other_paths: Sequence[Path], out: Path, schools: Path | None = None) -> Comparison:
    """Place a trust's benchmark file beside others', and each of its schools if their table is given."""
    mine = read_benchmark(mine_path)
    others = [_of_same_people(path, mine) for path in other_paths]
    placed = place_trust(mine, others)
    if schools is not None:
        placed += place_schools(mine, others, read_school_groups(schools))
    with written_whole(out, _SIGN) as draft:
        write_page(draft / "compare.html", compare_page(placed, mine, others))
        write_page(draft / "compare.csv", compare_csv(placed))
        (draft / _SIGN).write_text(
            "Written by `earlywarn compare`; the next one replaces this folder.\n", encoding="utf-8"
        )
    return Comparison(out, len(others), placed)


def _of_same_people(path: Path, mine: BenchmarkFile) -> BenchmarkFile:
    """Read another trust's file; pupils are not compared with staff, nor a file with itself."""
    other = read_benchmark(path)
    if other.population != mine.population:
        raise ConfigError(
            f"{path}: population is {other.population}, but one's own file tells of {mine.population}",
            fix="compare files of the same people",
        )
    if other == mine:
        raise ConfigError(f"{path}: is the same as one's own file", fix="name the files of other trusts")
    return other
