"""The feature matrix on disk: computed once, and again as soon as anything that matters has changed.

In:  the sources, a cohort, its features, and the private folder.
Out: the matrix. `private/features/<model>/` holds it as `matrix.parquet` (person_id, school_id, as_of,
     a float32 column a feature) with a `manifest.json` that says what it was made from: the content of
     the data, the config, the questionnaires, the features with their vocabularies, and the code.

Whatever differs in the manifest makes the matrix anew; so does a file that is not as it was written.
"""

import hashlib
import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import earlywarn
from earlywarn.cohort import KEY
from earlywarn.features.build import Matrix, build_matrix
from earlywarn.features.feature import Feature, Floats
from earlywarn.features.gather import Sources
from earlywarn.folders import written_whole
from earlywarn.progress import say

MATRIX, MANIFEST = "matrix.parquet", "manifest.json"
_LIBRARIES = ("duckdb", "numpy", "pandas", "pyarrow")
# What reaches no feature. `data` and `exclude` are paths: what lies there counts, not where.
_BESIDE_THE_POINT = {"name", "data", "exclude", "model", "fairness", "report"}


def is_kept(private: Path, sources: Sources, people: pd.DataFrame, features: Sequence[Feature]) -> bool:
    """Tell whether the features of a cohort lie in `private` and would be used again."""
    return _read(private / "features" / sources.config.name, _made_from(sources, people, features)) is not None


def kept_matrix(
    private: Path,
    sources: Sources,
    people: pd.DataFrame,
    features: Sequence[Feature],
    on_date: Callable[[date], None] = lambda _: None,
) -> Matrix:
    """Return the features of a cohort: as kept where nothing has changed, else computed and kept."""
    folder = private / "features" / sources.config.name
    made_from = _made_from(sources, people, features)
    values = _read(folder, made_from)
    if values is not None:
        say(f"Nothing has changed since the features in {folder} were computed: they are used again.")
        return Matrix(people.reset_index(drop=True), tuple(features), values)
    matrix = build_matrix(sources, people, features, on_date)
    _write(folder, matrix, made_from)
    return matrix


def _made_from(sources: Sources, people: pd.DataFrame, features: Sequence[Feature]) -> dict[str, Any]:
    store, config = sources.store, sources.config
    return {
        "data": store.digest,
        "today": str(store.today),
        "excluded": _digest(config.exclude) if config.exclude else None,
        "config": config.model_dump(mode="json", exclude=_BESIDE_THE_POINT),
        "instruments": [one.model_dump(mode="json") for one in sources.instruments],
        "people": {"rows": len(people), "sha256": _digest_of_keys(people)},
        "features": [_described(feature) for feature in features],
        "versions": {
            "earlywarn": earlywarn.__version__,
            "code": code_digest(),
            "python": platform.python_version(),
            **{name: version(name) for name in _LIBRARIES},
        },
    }


def _described(feature: Feature) -> dict[str, Any]:
    """Return everything that a feature says of itself; how it is computed is covered by `code_digest`."""
    return {field.name: getattr(feature, field.name) for field in fields(feature) if field.name != "value"}


def _digest_of_keys(people: pd.DataFrame) -> str:
    hashed: Any = pd.util.hash_pandas_object(people[list(KEY)], index=False).to_numpy()
    return hashlib.sha256(hashed.tobytes()).hexdigest()


@cache
def code_digest() -> str:
    """Return a hash of the package's own files."""
    root = Path(earlywarn.__file__).parent
    files = sorted(path for ending in ("py", "csv", "yaml") for path in root.rglob(f"*.{ending}"))
    whole = "".join(f"{path.relative_to(root)} {_digest(path)}\n" for path in files)
    return hashlib.sha256(whole.encode()).hexdigest()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read(folder: Path, made_from: dict[str, Any]) -> Floats | None:
    """Return the kept values; None where there are none, or they are of something else, or damaged."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["made_from"] != made_from or manifest["sha256"] != _digest(folder / MATRIX):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    names = [feature["name"] for feature in made_from["features"]]
    table = pq.read_table(folder / MATRIX, columns=names)
    values = np.empty((table.num_rows, len(names)), np.float32)
    for index, name in enumerate(names):
        values[:, index] = table.column(name).to_numpy()
    return values


def _write(folder: Path, matrix: Matrix, made_from: dict[str, Any]) -> None:
    keys = {name: pa.array(matrix.people[name]) for name in KEY}
    columns = {name: pa.array(matrix.values[:, index]) for index, name in enumerate(matrix.names)}
    with written_whole(folder, MANIFEST) as draft:
        pq.write_table(pa.table(keys | columns), draft / MATRIX)
        manifest = {"made_from": made_from, "sha256": _digest(draft / MATRIX)}
        text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)
        (draft / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
