"""Which numbers on a page stand in the facts that it was made from, as some word function writes them."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import earlywarn
from earlywarn.report.made import plain
from earlywarn.report.words import MEASURES, day, difference, number, per_hundred, percent
from page_reader import read_page

TEMPLATES = Path(earlywarn.__file__).parent / "report" / "templates"
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_TICK = re.compile(r'<text class="tick".*?</text>', re.DOTALL)  # a scale's labels are no finding
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def not_in_facts(page: str, facts: Mapping[str, Any]) -> set[str]:
    """Return the numbers of a page that neither stand in the facts nor in the page's own fixed words."""
    return _numbers(read_page(_TICK.sub("", page)).text) - _known(facts) - _fixed()


def _numbers(text: str) -> set[str]:
    return {found.rstrip(",") for found in _NUMBER.findall(text)}


def _known(facts: Mapping[str, Any]) -> set[str]:
    return {found for leaf in _leaves(facts) for shown in _forms(leaf) for found in _numbers(shown)}


def _leaves(facts: object) -> Iterator[object]:
    if isinstance(facts, Mapping):
        yield len(facts)
        for key, value in facts.items():
            yield from (key, *_leaves(value))
    elif isinstance(facts, list | tuple):
        yield from range(len(facts) + 1)  # a row is counted, or numbered
        for value in facts:
            yield from _leaves(value)
    else:
        yield facts


def _forms(leaf: object) -> Iterator[str]:
    """Yield how a fact may be written on a page."""
    if isinstance(leaf, int | float):
        for kind in ("share", "decimal", "count"):
            yield number(leaf, kind)
        yield from (
            difference(leaf, "share"),
            difference(leaf, "decimal"),
            per_hundred(leaf),
            percent(leaf),
            plain(leaf),
        )
    elif isinstance(leaf, str):
        yield leaf
        yield from (day(date.fromisoformat(found)) for found in _DATE.findall(leaf))


def _fixed() -> set[str]:
    """Return the numbers in the words of the templates and of the measures."""
    sources = [
        path.read_text(encoding="utf-8") for path in (*TEMPLATES.glob("report/*.html"), TEMPLATES / "report.html")
    ]
    words = [re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>", " ", source, flags=re.DOTALL) for source in sources]
    return {found for text in (*words, *(one.says for one in MEASURES.values())) for found in _numbers(text)}
