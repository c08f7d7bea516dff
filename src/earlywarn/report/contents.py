"""What packs are made from, as a scores folder keeps it: nothing of a bundle or of the data is needed.

In:  a scores folder of pupils (`scores.parquet`, `about.json`, `left.parquet`, `benchmarks.json`, `list_log.csv`).
Out: `PackContents`, and the folder's files from them. Names are lent by the school's side and never written here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from earlywarn.benchmarks import Benchmark, read_benchmarks, write_benchmarks
from earlywarn.bundle.manifest import canonical
from earlywarn.errors import ConfigError, TableError
from earlywarn.report.about import PackAbout, about_of, about_record
from earlywarn.score.list_log import Log, new_log, read_log, write_log
from earlywarn.score.since import LEFT

ABOUT, SCORES, LEFT_FILE, LOG = "about.json", "scores.parquet", "left.parquet", "list_log.csv"
BENCHMARKS = "benchmarks.json"
STAFF_PAGE = "staff.html"

_TEXTS = pa.list_(pa.string())
_REASONS = pa.list_(
    pa.struct(
        [("feature", pa.string()), ("theme", pa.string()), ("contribution", pa.float64()), ("sentence", pa.string())]
    )
)
_LISTS: Mapping[str, pa.DataType] = {"reasons": _REASONS, "going_well": _TEXTS, "not_known": _TEXTS, "since": _TEXTS}
_NEEDED = {"person_id", "school_id", "as_of", "list", "listed", "risk", "band", "rank_in_school", *_LISTS}


@dataclass(frozen=True)
class PackContents:
    """What the packs of a run are made from.

    scores     : a row a pupil, as `scores.parquet` holds them (design section 7).
    left       : who stood on the earlier list and does not now, under `score.since.LEFT`.
    benchmarks : means of groups beside others like them; nobody one by one.
    names      : a name for a person_id, where a school joined them.
    log        : what schools wrote of those who are listed, by school and person.
    """

    scores: pd.DataFrame
    about: PackAbout
    left: pd.DataFrame
    benchmarks: tuple[Benchmark, ...]
    names: Mapping[str, str]
    log: Log


def read_contents(folder: Path, names: Mapping[str, str] | None = None) -> PackContents:
    """Read a scores folder of pupils; anything else, or a damaged one, is an error that says what to do."""
    about = read_about(folder)
    if (folder / STAFF_PAGE).exists():
        raise ConfigError(
            f"{folder}: these are scores of staff, who have no packs and no lists by person",
            fix=f"open {folder / STAFF_PAGE}, or name the scores folder of a pupil model",
        )
    scores = _read_frame(folder / SCORES, _NEEDED)
    left = _read_frame(folder / LEFT_FILE, set(LEFT))
    written = read_log(folder / LOG)
    log = {key: written.get(key, entry) for key, entry in new_log(scores).items()}
    return PackContents(scores, about, left, read_benchmarks(folder / BENCHMARKS), names or {}, log)


def write_contents(contents: PackContents, folder: Path) -> None:
    """Write a scores folder's files; the same contents give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    write_about(contents.about, folder)
    write_frame(contents.scores, folder / SCORES)
    write_frame(contents.left, folder / LEFT_FILE)
    write_benchmarks(folder / BENCHMARKS, contents.benchmarks)
    write_log(folder / LOG, contents.log)


def write_about(about: PackAbout, folder: Path) -> None:
    """Write `about.json`."""
    (folder / ABOUT).write_bytes(canonical(about_record(about)))


def read_about(folder: Path) -> PackAbout:
    """Read `about.json`, the sign of a scores folder."""
    try:
        return about_of(json.loads((folder / ABOUT).read_text(encoding="utf-8")))
    except OSError:
        raise ConfigError(
            f"{folder}: not a scores folder, or not readable: it has no {ABOUT}",
            fix="name a folder that `earlywarn score` wrote",
        ) from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise _damaged(folder / ABOUT) from None


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write scores, or who left, as Parquet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table_of(frame), path)


def table_of(frame: pd.DataFrame) -> pa.Table:
    """Return scores, or who left, as they are kept: columns of lists keep their kind even where every list is empty."""
    lists = {name: kind for name, kind in _LISTS.items() if name in frame}
    plain = _plain(pa.Table.from_pandas(frame.drop(columns=list(lists)), preserve_index=False))
    for name, kind in lists.items():
        plain = plain.append_column(name, pa.array([list(several) for several in frame[name]], kind))
    return plain


def _plain(table: pa.Table) -> pa.Table:
    """Return a table whose kinds do not depend on how pandas holds them: what is read and written again is the same."""
    kinds = {pa.large_string(): pa.string(), pa.null(): pa.bool_()}  # `new` is all null without an earlier list
    return table.cast(pa.schema([(field.name, kinds.get(field.type, field.type)) for field in table.schema]))


def _read_frame(path: Path, needed: set[str]) -> pd.DataFrame:
    try:
        frame = pd.read_parquet(path)
    except (OSError, ValueError):  # pyarrow's errors are among these
        raise _damaged(path) from None
    if not needed <= set(frame):
        raise _damaged(path)
    return frame


def _damaged(path: Path) -> TableError:
    return TableError(f"{path}: missing, damaged, or not of this version", fix="score again with `earlywarn score`")
