"""What earlywarn wrote in a folder that holds people, one by one.

In:  any folder.
Out: its holdings: scores folders; scores by person, who came and went on lists, and kept features in the private
     folder; packs; and what a stopped run left half made. Whatever else lies there is not looked into: input tables
     are the school's own, and models, audits and MLflow's store hold nobody. A folder in which there is nothing of
     ours is refused.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow.parquet as pq

from earlywarn.config import Population
from earlywarn.errors import ConfigError
from earlywarn.features.kept import MANIFEST, MATRIX
from earlywarn.folders import is_half_made
from earlywarn.forget.tables import columns_of
from earlywarn.report.contents import ABOUT, SCORES, STAFF_PAGE

Kind = Literal["scores folder", "scores by person", "moves", "features", "pack", "half made"]

PUPILS, PAGE = "pupils.csv", "index.html"
# What a folder of ours may hold beside people: there is nothing to do in it, and no reason to refuse it.
_OURS = ("*-tuning.db", "rejects.csv", "audit-*/audit.json", "made-by-demo.txt", "packs-of-schools.txt")


@dataclass(frozen=True)
class Holding:
    """A folder or file that holds people; `population` is None where either may be in it."""

    path: Path
    kind: Kind
    population: Population | None

    @property
    def tables(self) -> tuple[Path, ...]:
        """Its tables with a row a person."""
        if self.kind == "half made":
            return ()
        files = sorted(self.path.iterdir()) if self.path.is_dir() else [self.path]
        return tuple(path for path in files if "person_id" in columns_of(path))


def find_holdings(folders: Sequence[Path]) -> tuple[Holding, ...]:
    """Return what the folders and those in them hold, each once."""
    found: dict[Path, Holding] = {}
    for folder in folders:
        here = list(_search(folder.resolve() if folder.is_symlink() else folder))
        if not here and not _is_ours(folder):
            raise ConfigError(
                f"{folder}: holds nothing that earlywarn wrote about people",
                fix="name a scores folder, a folder of packs, the private folder, or one that such folders lie in",
            )
        found |= {one.path.resolve(): one for one in here}
    return tuple(found.values())


def _is_ours(folder: Path) -> bool:
    """Tell whether a folder without holdings is one that they could be in: empty by now, or with traces of ours."""
    signs = (path for sign in _OURS for path in folder.glob(sign))
    return any(signs) or (folder.is_dir() and not any(path.is_file() for path in folder.rglob("*")))


def _search(path: Path) -> Iterator[Holding]:
    if kind := _kind(path):
        yield Holding(path, kind, _population(path, kind))
    elif path.is_dir():
        for child in sorted(path.iterdir()):
            if not child.is_symlink():
                yield from _search(child)


def _kind(path: Path) -> Kind | None:
    if is_half_made(path):
        return "half made"
    if path.is_file():
        scores = path.match("scores-*.parquet") and "person_id" in columns_of(path)
        moves = path.match("moves-*.csv") and {"person_id", "change"} <= set(columns_of(path))
        return "scores by person" if scores else "moves" if moves else None
    if (path / ABOUT).is_file() and ((path / SCORES).is_file() or (path / STAFF_PAGE).is_file()):
        return "scores folder"
    if (path / MATRIX).is_file() and (path / MANIFEST).is_file():
        return "features"
    is_pack = (path / PAGE).is_file() and {"person_id", "delete_by"} <= set(columns_of(path / PUPILS))
    return "pack" if is_pack else None


def _population(path: Path, kind: Kind) -> Population | None:
    match kind:
        case "scores folder":
            return "staff" if (path / STAFF_PAGE).exists() else "pupils"
        case "scores by person":
            return "staff" if "role" in pq.read_schema(path).names else "pupils"
        case "features":
            return _of_features(path / MANIFEST)
        case "pack":
            return "pupils"
    return None


def _of_features(manifest: Path) -> Population | None:
    """Return whose features they are; where the manifest does not say, they are looked through for either."""
    try:
        said = json.loads(manifest.read_text(encoding="utf-8"))["made_from"]["config"]["population"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return said if said in ("pupils", "staff") else None
