"""What is still open in papers: marks that nobody has filled, and departures from the standard's fields.

In:  a bundle, a folder of papers, or one paper.
Out: for each missing answer where it is asked for; and in what the transparency record lacks a field.

Papers may be edited by hand: what counts is what stands in them, not what `record.yaml` says.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from earlywarn.errors import ConfigError
from earlywarn.record.answers import MARK
from earlywarn.record.papers import PAPERS
from earlywarn.record.standard import problems


@dataclass(frozen=True)
class Place:
    """Where an answer is asked for; lines count from 1."""

    file: str
    line: int


@dataclass(frozen=True)
class Open:
    """An answer that nobody has given: its key in `record.yaml`, what it asks for, and where it is waited for."""

    key: str
    asks: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class CheckedPapers:
    """Which papers were looked at, what is open in them, and what the transparency record lacks."""

    papers: tuple[str, ...]
    open: tuple[Open, ...]
    problems: tuple[str, ...]


def check_papers(path: Path) -> CheckedPapers:
    """Look for what is open in a folder's papers, or in one."""
    texts = _texts(path)
    return CheckedPapers(tuple(texts), tuple(_open(texts)), tuple(_departures(texts)))


def _texts(path: Path) -> Mapping[str, str]:
    files = [path / name for name in PAPERS] if path.is_dir() else [path]
    try:
        texts = {file.name: file.read_text(encoding="utf-8") for file in files if file.is_file()}
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not readable as text", fix="give a paper, or the folder that holds it") from None
    if not texts:
        raise ConfigError(
            f"{path}: no paper there", fix="give a bundle, a folder that `earlywarn record write` wrote, or one paper"
        )
    return texts


def _open(texts: Mapping[str, str]) -> Iterator[Open]:
    """Yield each missing answer once, in the order in which the papers ask for them."""
    places: dict[tuple[str, str], list[Place]] = {}
    for file, text in texts.items():
        for number, line in enumerate(text.splitlines(), 1):
            for found in MARK.finditer(line):
                places.setdefault((found["key"], found["what"]), []).append(Place(file, number))
    yield from (Open(key, asks, tuple(where)) for (key, asks), where in places.items())


def _departures(texts: Mapping[str, str]) -> Iterator[str]:
    for file, text in texts.items():
        if file.endswith(".json"):
            try:
                yield from (f"{file}: {problem}" for problem in problems(json.loads(text)))
            except json.JSONDecodeError as error:
                yield f"{file}: not JSON (line {error.lineno})"
