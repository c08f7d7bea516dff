"""The benchmark file: what a trust's people say today, in cells of ten or more, for other trusts to stand beside.

In:  a `BenchmarkFile`, or a file that another trust sent.
Out: `benchmark.json`, or what stands in it, checked: nobody and no school is named in it, keys that are not known are
     refused, and every number lies where it can.
"""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from earlywarn.config import Population
from earlywarn.disclosure import RESPONDENTS_FROM
from earlywarn.errors import ConfigError

FORMAT: Literal[1] = 1
LARGEST = 20_000_000  # bytes; 100,000 pupils' benchmarks take under one
_TOP = {"share": 1.0, "out of 10": 10.0}
_MISTAKES_SHOWN = 5

Text = Annotated[str, Field(min_length=1, max_length=120)]
Count = Annotated[int, Field(ge=RESPONDENTS_FROM, le=100_000_000)]
Number = Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)]
Quartiles = tuple[Number, Number, Number]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class FileCell(_Part):
    """One group: its columns and their values, people with a value, mean, standard deviation and quartiles."""

    by: Annotated[tuple[Text, ...], Field(strict=False, max_length=4)]
    group: Annotated[tuple[Text, ...], Field(strict=False, max_length=4)]
    n: Count
    mean: Number
    sd: Number
    quartiles: Annotated[Quartiles | None, Field(strict=False)] = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.by) != len(self.group):
            raise ValueError("by and group differ in length")
        if self.quartiles is not None and list(self.quartiles) != sorted(self.quartiles):
            raise ValueError("quartiles are not in order")
        return self


class FileSpread(_Part):
    """How far schools differ where pupils alike are compared: a standard deviation with its 95% interval."""

    schools: Annotated[int, Field(ge=2, le=100_000)]
    sd: Number
    low: Number
    high: Number


class FileMeasure(_Part):
    """One measure of one wave: a share from 0 to 1, or a mean out of 10."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]*$", max_length=120)]
    label: Text
    audience: Literal["pupil", "parent", "staff", "register"]
    unit: Literal["share", "out of 10"]
    wave: Annotated[date | None, Field(strict=False)]
    spread: FileSpread | None
    cells: Annotated[tuple[FileCell, ...], Field(strict=False, max_length=5000)]

    @model_validator(mode="after")
    def _cells_fit(self) -> Self:
        top = _TOP[self.unit]
        for place, cell in enumerate(self.cells):
            if max(cell.mean, cell.sd, *(cell.quartiles or ())) > top:
                raise ValueError(f"cells.{place}: more than {top:g} of a measure that is told as {self.unit}")
        if len({(cell.by, cell.group) for cell in self.cells}) < len(self.cells):
            raise ValueError("a group is told of twice")
        return self


class BenchmarkFile(_Part):
    """What a trust shares: when, how many schools, and its measures."""

    format: Literal[1]
    population: Population
    as_of: Annotated[date, Field(strict=False)]
    schools: Annotated[int, Field(ge=1, le=100_000)]
    measures: Annotated[tuple[FileMeasure, ...], Field(strict=False, max_length=200)]

    @model_validator(mode="after")
    def _measures_differ(self) -> Self:
        if len({measure.name for measure in self.measures}) < len(self.measures):
            raise ValueError("a measure is told of twice")
        return self


def write_benchmark(path: Path, file: BenchmarkFile) -> None:
    """Write a benchmark file, a line a cell; the same benchmark gives the same bytes."""
    told = file.model_dump(mode="json")
    measures = ",\n".join(_measure(each) for each in told.pop("measures"))
    head = json.dumps(told, ensure_ascii=False)[1:-1]
    path.write_text(f'{{{head}, "measures": [\n{measures}\n]}}\n', encoding="utf-8", newline="\n")


def _measure(told: dict[str, object]) -> str:
    cells = told.pop("cells")
    assert isinstance(cells, list)
    lines = ",\n".join(f"  {json.dumps(cell, ensure_ascii=False)}" for cell in cells)
    return f'{json.dumps(told, ensure_ascii=False)[:-1]}, "cells": [\n{lines}]}}'


def read_benchmark(path: Path) -> BenchmarkFile:
    """Read a benchmark file; whatever is wrong with it is a ConfigError that names the file and the place in it."""
    fix = "ask for a benchmark.json as `earlywarn study` writes it, of this version"
    try:
        if path.stat().st_size > LARGEST:
            raise ConfigError(f"{path}: larger than {LARGEST // 1_000_000} MB", fix=fix)
        return BenchmarkFile.model_validate_json(path.read_bytes())
    except OSError:
        raise ConfigError(f"{path}: no such file, or not readable", fix="give the path of a benchmark.json") from None
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        lines = [f"\n    {_place(one['loc'])}: {_words(one['type'], one['msg'])}" for one in found[:_MISTAKES_SHOWN]]
        more = f"\n    and {len(found) - _MISTAKES_SHOWN} more" if len(found) > _MISTAKES_SHOWN else ""
        raise ConfigError(f"{path}: not a benchmark file:{''.join(lines)}{more}", fix=fix) from None


def _place(keys: tuple[str | int, ...]) -> str:
    return ".".join(map(str, keys))[:200] or "the file"


def _words(kind: str, message: str) -> str:
    return "unknown key" if kind == "extra_forbidden" else message.removeprefix("Value error, ")
