"""A scores folder: the scores, what they are about, and a pack for each school.

Pupils: `scores.parquet`, `about.json`, `packs/`, `trust.html`. Staff: `about.json` and
`staff.html`, by school and role; their scores by person lie in the private folder, unless
the config says that a list by person is wanted.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from earlywarn.bundle.manifest import canonical
from earlywarn.bundle.read import Bundle
from earlywarn.config import Config, Places
from earlywarn.features.gather import Sources
from earlywarn.phrases import PEOPLE, happening
from earlywarn.report.about import PackAbout
from earlywarn.report.pack import write_packs
from earlywarn.report.staff_overview import write_staff_overview
from earlywarn.report.trust_overview import write_trust_overview
from earlywarn.score.lists import delete_by
from earlywarn.score.people import Scored

ABOUT = "about.json"


@dataclass(frozen=True)
class Written:
    """What was written: the number of packs, and where staff scores by person lie, if anywhere private."""

    packs: int
    private_scores: Path | None


def write_scores(scored: Scored, bundle: Bundle, sources: Sources, folder: Path, private: Path) -> Written:
    """Write a scores folder; rows of staff stay in the private folder unless the config says otherwise."""
    about = _about(scored, bundle, sources)
    (folder / ABOUT).write_bytes(canonical(_plain(about)))
    if scored.config.population == "pupils":
        _write_parquet(scored, folder / "scores.parquet")
        packs = write_packs(scored.frame, about, folder / "packs")
        write_trust_overview(scored.frame, about, folder / "trust.html")
        return Written(len(packs), None)
    write_staff_overview(scored.frame, about, folder / "staff.html")
    if scored.config.report.staff_by_person:
        _write_parquet(scored, folder / "scores.parquet")
        return Written(0, None)
    path = private / f"scores-{scored.config.name}-{scored.as_of}.parquet"
    _write_parquet(scored, path)
    return Written(0, path)


_TEXTS = pa.list_(pa.string())
_REASONS = pa.list_(
    pa.struct(
        [("feature", pa.string()), ("theme", pa.string()), ("contribution", pa.float64()), ("sentence", pa.string())]
    )
)


def _write_parquet(scored: Scored, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    frame = scored.frame.assign(as_of=scored.as_of)
    lists = {"reasons": _REASONS, "going_well": _TEXTS, "not_known": _TEXTS}
    plain = pa.Table.from_pandas(frame.drop(columns=list(lists)), preserve_index=False).replace_schema_metadata(None)
    for name, kind in lists.items():
        plain = plain.append_column(name, pa.array(frame[name].tolist(), kind))
    pq.write_table(plain, path)


def _about(scored: Scored, bundle: Bundle, sources: Sources) -> PackAbout:
    config = scored.config
    names = dict(sources.store.db.execute("SELECT school_id, coalesce(name, '') FROM schools").fetchall())
    return PackAbout(
        name=config.name,
        model_version=str(bundle.manifest.version),
        as_of=scored.as_of,
        outcome_words=happening(config.outcome),
        school_names=names,
        places_words=_places_words(config.fairness.places),
        sure=_how_sure(bundle, config),
        delete_by=delete_by(scored.as_of, config),
        data_to=sources.store.today,
    )


def _plain(about: PackAbout) -> dict[str, Any]:
    """Return what the packs say of the run, for programs."""
    dates = {name: str(getattr(about, name)) for name in ("as_of", "delete_by", "data_to")}
    return asdict(about) | dates | {"school_names": dict(about.school_names), "sure": list(about.sure)}


def _places_words(places: Places) -> str:
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
    return (*filter(None, sentences), closing)


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
