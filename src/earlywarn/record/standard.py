"""The fields of the UK Algorithmic Transparency Recording Standard v4.0, and whether a record has them.

The fields stand in `transparency_record.schema.json`, a JSON Schema with the standard's own names and order, and
its source. Whoever uses another program can validate a record with that file; here the few rules it uses
(const, required, no further fields, text that is not empty) are checked without one.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

STANDARD = "UK Algorithmic Transparency Recording Standard v4.0"
SCHEMA_FILE = "transparency_record.schema.json"


@dataclass(frozen=True)
class Section:
    """A section of the standard: its place in the record, its name, and the names of its fields by key."""

    place: tuple[str, ...]
    title: str
    fields: Mapping[str, str]


@cache
def schema() -> Mapping[str, Any]:
    """Return the JSON Schema of a record."""
    found: Mapping[str, Any] = json.loads(files("earlywarn.record").joinpath(SCHEMA_FILE).read_text(encoding="utf-8"))
    return found


@cache
def sections() -> tuple[Section, ...]:
    """Return the sections of both tiers, in the standard's order."""
    parts = schema()["properties"]
    second = parts["tier_2"]["properties"]
    return (
        _section(("tier_1",), parts["tier_1"]),
        *(_section(("tier_2", name), part) for name, part in second.items()),
    )


def _section(place: tuple[str, ...], part: Mapping[str, Any]) -> Section:
    return Section(place, part["title"], {key: field["title"] for key, field in part["properties"].items()})


def problems(record: object) -> tuple[str, ...]:
    """Return in what a record departs from the field list, each with its place; () where it has every field."""
    return tuple(_problems(record, schema(), "the record"))


def _problems(found: object, rule: Mapping[str, Any], place: str) -> Iterator[str]:
    if "$ref" in rule:
        rule = schema()["$defs"][rule["$ref"].removeprefix("#/$defs/")]
    if "const" in rule:
        if found != rule["const"]:
            yield f"{place}: not {rule['const']!r}"
    elif rule["type"] == "string":
        if not (isinstance(found, str) and len(found) >= rule["minLength"]):
            yield f"{place}: no text"
    elif isinstance(found, Mapping):
        yield from (f"{place}: {key} is missing" for key in rule["required"] if key not in found)
        yield from (f"{place}: {key} is no field of the standard" for key in found if key not in rule["properties"])
        for key, part in rule["properties"].items():
            if key in found:
                yield from _problems(found[key], part, key if place == "the record" else f"{place}.{key}")
    else:
        yield f"{place}: not an object with fields"
