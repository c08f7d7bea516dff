"""A scores folder: the scores, what they are about, and a pack for each school.

Pupils: `scores.parquet`, `about.json`, `left.parquet`, `benchmarks.json` and `list_log.csv`, and from these alone
`packs/` and `trust.html`. Staff: `about.json`, `benchmarks.json` and `staff.html`, by school and role; their scores
by person lie in the private folder, unless the config says that a list by person is wanted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from earlywarn.audit.head_start import who_has_one
from earlywarn.benchmarks import Benchmark, benchmarks_of, write_benchmarks
from earlywarn.bundle.read import Bundle
from earlywarn.config import Config, Places
from earlywarn.features.gather import Sources
from earlywarn.phrases import PEOPLE, happening
from earlywarn.report.about import PackAbout
from earlywarn.report.contents import (
    BENCHMARKS,
    SCORES,
    STAFF_PAGE,
    PackContents,
    read_contents,
    write_about,
    write_contents,
    write_frame,
)
from earlywarn.report.earlier import held_against
from earlywarn.report.pack import write_packs
from earlywarn.report.staff_overview import write_staff_overview
from earlywarn.report.trust_overview import write_trust_overview
from earlywarn.report.trust_spread import trust_facts
from earlywarn.score.list_log import new_log
from earlywarn.score.lists import delete_by
from earlywarn.score.people import Scored
from earlywarn.score.since import Changes, Earlier, no_one_left


@dataclass(frozen=True)
class Written:
    """What was written: the number of packs, what changed, and where staff scores lie, if anywhere private."""

    packs: int
    changes: Changes | None
    private_scores: Path | None


def write_scores(
    scored: Scored, bundle: Bundle, sources: Sources, folder: Path, private: Path, earlier: Earlier | None = None
) -> Written:
    """Write a scores folder; of pupils, held against an earlier list where one is given."""
    contents, changes = contents_of(scored, bundle, sources, earlier)
    if scored.config.population == "staff":
        return _write_staff(scored, contents.about, contents.benchmarks, folder, private)
    write_contents(contents, folder)
    return Written(write_for_schools(read_contents(folder), folder), changes, None)


def contents_of(
    scored: Scored, bundle: Bundle, sources: Sources, earlier: Earlier | None = None
) -> tuple[PackContents, Changes | None]:
    """Return what is shown of a scoring, held against an earlier list where one is given."""
    contents = _contents(scored, _about(scored, bundle, sources), benchmarks_of(sources, scored.as_of))
    return (contents, None) if earlier is None else held_against(contents, earlier, _left_out(sources))


def write_for_schools(contents: PackContents, folder: Path) -> int:
    """Write `packs/` and `trust.html` from what a scores folder holds; return the number of packs."""
    packs = write_packs(contents, folder / "packs")
    write_trust_overview(contents.scores, contents.about, folder / "trust.html", contents.benchmarks)
    return len(packs)


def _contents(scored: Scored, about: PackAbout, benchmarks: tuple[Benchmark, ...]) -> PackContents:
    """Return what the packs are made from where there is no earlier list."""
    frame = _dated(scored)
    frame = frame.assign(
        new=pd.array([None] * len(frame), dtype="boolean"), since=pd.Series([[]] * len(frame), index=frame.index)
    )
    return PackContents(frame, about, no_one_left(), benchmarks, {}, new_log(frame))


def _dated(scored: Scored) -> pd.DataFrame:
    return scored.frame.assign(as_of=scored.as_of)


def _left_out(sources: Sources) -> set[str]:
    """Return those who asked to be left out: they are not shown as having left a list either."""
    return {person for (person,) in sources.store.db.execute("SELECT person_id FROM excluded").fetchall()}


def _write_staff(
    scored: Scored, about: PackAbout, benchmarks: tuple[Benchmark, ...], folder: Path, private: Path
) -> Written:
    """Write the overview; rows stay in the private folder unless the config says otherwise."""
    write_about(about, folder)
    write_benchmarks(folder / BENCHMARKS, benchmarks)
    write_staff_overview(scored.frame, about, folder / STAFF_PAGE, benchmarks)
    if scored.config.report.staff_by_person:
        write_frame(_dated(scored), folder / SCORES)
        return Written(0, None, None)
    path = private / f"scores-{scored.config.name}-{scored.as_of}.parquet"
    write_frame(_dated(scored), path)
    return Written(0, None, path)


def _about(scored: Scored, bundle: Bundle, sources: Sources) -> PackAbout:
    config = scored.config
    names = dict(sources.store.db.execute("SELECT school_id, coalesce(name, '') FROM schools").fetchall())
    return PackAbout(
        name=config.name,
        model_version=str(bundle.manifest.version),
        as_of=scored.as_of,
        outcome_words=happening(config.outcome),
        school_names=names,
        places_words=_places_words(config, bundle.metrics.get("head_start")),
        sure=_how_sure(bundle, config),
        delete_by=delete_by(scored.as_of, config),
        data_to=sources.store.today,
        trust=trust_facts(bundle.metrics),
    )


def _places_words(config: Config, head_start: Mapping[str, Any] | None) -> str:
    """Say how long the lists are, and who stands higher on them than the score alone would have it."""
    length = _length_words(config.fairness.places)
    who = who_has_one(head_start, PEOPLE[config.population])
    decided = f" The trust has decided to give {who} a head start on the lists: the score alone misses more of them."
    return length + decided if who else length


def _length_words(places: Places) -> str:
    if places.count is not None:
        return f"Each list holds {places.count} people a school."
    return f"Each list holds {places.share:.0%} of the school's roll, at least {places.at_least}."


_AMONG = {"onset": "not yet at the line", "already": "at or above the line already", "everyone": ""}


def _how_sure(bundle: Bundle, config: Config) -> tuple[str, ...]:
    """Say how lists like these did when the model was tested on dates it had not seen."""
    lists: Mapping[str, Any] = bundle.metrics["lists"]
    chosen = [name for name in ("onset", "already") if name in lists] or ["everyone"]
    sentences = [_list_words(lists[name], name, PEOPLE[config.population]) for name in chosen]
    tested = ", ".join(map(str, bundle.manifest.tested))
    closing = f"This was measured on {tested}, by a model that had not seen those dates; another year can differ."
    ahead = who_has_one(bundle.metrics.get("head_start"), PEOPLE[config.population])
    without = "These figures are of lists without the head start." if ahead else ""
    return (*filter(None, (*sentences, without)), closing)


def _list_words(found: Mapping[str, Any], name: str, people: str) -> str:
    listed, right = found["listed"], found["found"]["value"]
    if not listed or right is None:
        return ""
    among = f" {_AMONG[name]}" if _AMONG[name] else ""
    low, high = found["found"]["low"], found["found"]["high"]
    sure = f" (between {10 * low / listed:.1f} and {10 * high / listed:.1f})" if low is not None else ""
    return (
        f"Of 10 {people}{among} on such a list, about {10 * right / listed:.1f}{sure} had the outcome, "
        f"and {10 - 10 * right / listed:.1f} did not; {found['missed']:,.0f} with the outcome were on no list."
    )
