"""Benchmarks that trusts share: cells of ten or more, files checked before they are believed, like with like."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmark_world import AS_OF, Pupils, trust
from earlywarn.disclosure import HIDDEN
from earlywarn.errors import ConfigError
from earlywarn.run import compare
from earlywarn.study.benchmark import benchmark_file, benchmark_tables
from earlywarn.study.benchmark_file import BenchmarkFile, read_benchmark, write_benchmark
from earlywarn.study.placing import TRUST, Mean, place_schools, place_trust
from earlywarn.study.table import Table, as_csv
from text_school import BEECH, OAK

GROUPS = (
    Pupils(BEECH, 5, 45, {"two": [1, 2, 3, 4, 5] * 9}),
    Pupils(BEECH, 5, 12, {"two": [2] * 12}, absent=8, premium="true"),
    Pupils(OAK, 6, 20, {"two": [4, 5] * 10}, absent=8),
    Pupils(OAK, 6, 3, {"two": [1] * 3}, premium="true"),
    Pupils(OAK, 6, 20, absent=1),
)
WITHIN_WEEK = date(2024, 10, 25)


def found(folder: Path) -> tuple[dict[str, Table], BenchmarkFile]:
    with trust(folder, *GROUPS, today=WITHIN_WEEK) as sources:
        config = sources.config.model_copy(update={"as_of": sources.config.as_of.model_copy(update={"dates": ()})})
        config = config.model_copy(update={"as_of": config.as_of.model_copy(update={"dates": (date(2024, 10, 21),)})})
        tables = benchmark_tables(sources, None, config)  # type: ignore[arg-type]
        file = benchmark_file(sources, None, config)  # type: ignore[arg-type]
    assert file is not None
    return {table.name: table for table in tables}, file


def row(table: Table, **wanted: Any) -> dict[str, Any]:
    (one,) = [each for each in table.rows if wanted.items() <= each.items()]
    return dict(one)


def test_means_quartiles_and_response_are_those_of_a_hand_count(tmp_path: Path) -> None:
    benchmark = found(tmp_path)[0]["benchmark"]
    calm = row(benchmark, measure="feelings.calm", group_by="year_group", group="5")
    assert (calm["n"], calm["mean"]) == (57, pytest.approx((45 * 5 + 12 * 2.5) / 57, abs=1e-4))
    assert (calm["lower_quartile"], calm["median"], calm["upper_quartile"]) == (2.5, 2.5, 7.5)
    response = row(benchmark, measure="feelings.response", group_by="everyone")
    assert (response["n"], response["mean"], response["unit"]) == (100, 0.8, "share")
    often = row(benchmark, measure="persistent_absence", group_by="everyone")
    assert (often["n"], often["mean"]) == (100, 0.32)


def test_few_people_are_hidden_with_what_would_tell_of_them(tmp_path: Path) -> None:
    benchmark = found(tmp_path)[0]["benchmark"]
    for one in benchmark.rows:
        assert one["n"] == HIDDEN or one["n"] >= 10
        assert one["n"] == HIDDEN or one["n"] >= 40 or one["median"] is None
        assert one["n"] != HIDDEN or one["mean"] is None
    in_year_6 = {"measure": "feelings.calm", "group_by": "year_group × pupil_premium"}
    assert row(benchmark, **in_year_6, group="6 × yes")["n"] == HIDDEN
    assert row(benchmark, **in_year_6, group="6 × no")["n"] == HIDDEN  # the year group tells the rest


def test_the_file_names_no_school_and_comes_back_as_it_was(tmp_path: Path) -> None:
    tables, file = found(tmp_path)
    path = tmp_path / "benchmark.json"
    write_benchmark(path, file)
    assert read_benchmark(path) == file
    text = path.read_text(encoding="utf-8")
    assert not any(word in text for word in (BEECH, OAK, "Beech", "Oak"))
    assert all(cell.n >= 10 for measure in file.measures for cell in measure.cells)
    assert {one["school_id"] for one in tables["trust_benchmark"].rows} == {BEECH, OAK}


def _more(told: dict[str, Any]) -> None:
    told["measures"][0]["cells"][0]["person_id"] = "x"


def _of_eleven(told: dict[str, Any]) -> None:
    told["measures"][0]["cells"][0]["mean"] = 11


def _of_few(told: dict[str, Any]) -> None:
    told["measures"][0]["cells"][0]["n"] = 9


def _twice(told: dict[str, Any]) -> None:
    told["measures"][0]["cells"] *= 2


def _later(told: dict[str, Any]) -> None:
    told["format"] = 2


def _not_a_number(told: dict[str, Any]) -> None:
    told["measures"][0]["cells"][0]["sd"] = float("nan")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_more, "measures.0.cells.0.person_id: unknown key"),
        (_of_eleven, "measures.0.cells.0.mean"),
        (_of_few, "measures.0.cells.0.n"),
        (_twice, "a group is told of twice"),
        (_later, "format"),
        (_not_a_number, "measures.0.cells.0.sd"),
    ],
)
def test_a_foreign_file_that_is_wrong_is_refused_by_file_and_place(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], None], says: str
) -> None:
    path = tmp_path / "theirs.json"
    write_benchmark(path, a_file({("5",): (20, 6.0)}))
    told = json.loads(path.read_text(encoding="utf-8"))
    spoil(told)
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"theirs\.json") as error:
        read_benchmark(path)
    assert says in str(error.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"format": 1}', "\x00"])
def test_what_is_no_benchmark_at_all_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "theirs.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"theirs\.json"):
        read_benchmark(path)


def a_file(cells: dict[tuple[str, ...], tuple[int, float]], sd: float = 2.0, between: float = 0.4) -> BenchmarkFile:
    """Return a file of one measure, by year group; the mean of everyone is that of the groups."""
    n = sum(each for each, _ in cells.values())
    mean = sum(each * value for each, value in cells.values()) / n
    told = [{"by": ["year_group"], "group": group, "n": n, "mean": m, "sd": sd} for group, (n, m) in cells.items()]
    measure = {
        "name": "feelings.calm", "label": "calm at school", "audience": "pupil", "unit": "out of 10",
        "wave": "2024-10-20", "spread": {"schools": 20, "sd": between, "low": 0.2, "high": 0.7},
        "cells": [{"by": [], "group": [], "n": n, "mean": mean, "sd": sd}, *told],
    }  # fmt: skip
    head = {"format": 1, "population": "pupils", "as_of": str(AS_OF), "schools": 20}
    return BenchmarkFile.model_validate_json(json.dumps({**head, "measures": [measure]}))


def test_a_trust_is_held_against_its_own_mix_of_pupils() -> None:
    mine = a_file({("5",): (300, 7.0), ("9",): (100, 5.0)})
    other = a_file({("5",): (100, 7.0), ("9",): (300, 5.0)})
    (placed,) = place_trust(mine, [other])
    assert (placed.value, placed.expected, placed.difference) == (6.5, 6.5, 0.0)  # 5.5 as it stands
    assert (placed.compared_by, placed.n, placed.below, placed.of) == ("year_group", 400, 0, 1)
    assert placed.low is not None
    assert placed.low < 0


def test_a_difference_is_as_sure_as_schools_and_people_make_it() -> None:
    mine, other = a_file({("5",): (400, 6.5)}), a_file({("5",): (400, 6.0)})
    (placed,) = place_trust(mine, [other])
    error = (2 * 4 / 400 + 2 * 0.16 / 20) ** 0.5
    assert placed.difference == 0.5
    assert placed.low == pytest.approx(0.5 - 2.093 * error, abs=1e-3)  # t of 19


def test_pupils_without_others_like_them_cannot_be_placed() -> None:
    mine, other = a_file({("5",): (100, 7.0), ("6",): (100, 5.0)}), a_file({("5",): (100, 7.0)})
    (placed,) = place_trust(mine, [other])
    assert (placed.difference, placed.others) == (None, 1)


def test_a_school_stands_among_schools_of_its_size() -> None:
    mine, other = a_file({("5",): (400, 6.0)}), a_file({("5",): (100_000, 6.0)}, between=0.3)
    school = {("5", "no"): Mean(50, 6.2, 2.0), ("5", "yes"): Mean(50, 6.6, 2.0)}
    schools = {"100001": {"feelings.calm": (("year_group", "pupil_premium"), school)}}
    (placed,) = place_schools(mine, [other], schools)
    assert placed.value == pytest.approx(6.4)
    assert placed.percentile == pytest.approx(86.6, abs=1)  # 0.4 over the root of 0.09 (1 + 1/20) + 0.04
    few = {"100001": {"feelings.calm": (("year_group",), {("5",): Mean(9, 6.0, 1.0)})}}
    assert place_schools(mine, [other], few) == ()


def test_files_are_compared_into_a_page_and_a_table(tmp_path: Path) -> None:
    tables, file = found(tmp_path / "mine")
    write_benchmark(tmp_path / "mine.json", file)
    write_benchmark(tmp_path / "other.json", a_file({("5",): (400, 4.0), ("6",): (400, 8.0)}))
    own = tmp_path / "trust_benchmark.csv"
    own.write_text(as_csv(tables["trust_benchmark"]), encoding="utf-8")
    made = compare(tmp_path / "mine.json", [tmp_path / "other.json"], tmp_path / "out", own)
    page = (made.folder / "compare.html").read_text(encoding="utf-8")
    assert "Calm at school" in page
    assert "beside 1 other trust with 20 schools" in page
    assert "no other trust tells of this" in page  # absence
    assert {one.who for one in made.placed} == {TRUST, BEECH, OAK}
    lines = (made.folder / "compare.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(made.placed)


def test_a_file_is_not_compared_with_itself_nor_pupils_with_staff(tmp_path: Path) -> None:
    mine = a_file({("5",): (400, 6.0)})
    write_benchmark(tmp_path / "mine.json", mine)
    write_benchmark(tmp_path / "staff.json", mine.model_copy(update={"population": "staff"}))
    for other, says in (("mine.json", "same"), ("staff.json", "population is staff")):
        with pytest.raises(ConfigError, match=says):
            compare(tmp_path / "mine.json", [tmp_path / other], tmp_path / "out")


def test_a_table_of_schools_that_is_wrong_is_refused_by_its_line(tmp_path: Path) -> None:
    write_benchmark(tmp_path / "mine.json", a_file({("5",): (400, 6.0)}))
    write_benchmark(tmp_path / "other.json", a_file({("5",): (400, 5.0)}))
    own = tmp_path / "schools.csv"
    own.write_text("school_id,measure,group_by,group,n,mean,sd\na,m,year_group,5 × yes,20,1,1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 2"):
        compare(tmp_path / "mine.json", [tmp_path / "other.json"], tmp_path / "out", own)
