"""What a bundle says of itself.

`About` is known before anything is written and is what the card and the
transparency record are filled from. `Manifest` adds the hashes of the files.
`FeatureFile` is `features.json`: with it, scoring works from a bundle and data
alone, whatever the configuration says by then.
"""

import hashlib
import json
import platform
from datetime import date
from importlib.metadata import version as version_of
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from earlywarn.config import Outcome, Population
from earlywarn.features.feature import Feature, Theme
from earlywarn.surveys.instrument import Instrument

LIBRARIES = ("duckdb", "lightgbm", "numpy", "optuna", "pandas", "pyarrow", "scikit-learn", "scipy")

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Data(_Part):
    """The data a model was trained on: a hash of their content and the days they span."""

    digest: str
    first_day: date
    today: date


class FileRecord(_Part):
    """What a file must be to be the one that was written."""

    sha256: Sha256
    bytes: Annotated[int, Field(ge=0)]


class About(_Part):
    """Who was predicted, what, from when, by which code."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: Annotated[int, Field(ge=1)]
    population: Population
    model: Literal["trees", "logistic"]
    outcome: Outcome
    config: Annotated[dict[str, Any], Field(description="The whole configuration, without the paths of a machine.")]
    trained: Annotated[tuple[date, ...], Field(description="As-of dates the kept model was fitted on.")]
    tested: Annotated[tuple[date, ...], Field(description="As-of dates on which the tested model was measured.")]
    serves: Annotated[tuple[int, ...], Field(description="Places in the school year, in school weeks.")]
    data: Data
    earlywarn: str
    libraries: dict[str, str]


class Manifest(About):
    """`manifest.json`: `digest` covers all of it but `made_on`, which is the only time in a bundle."""

    format: int
    files: dict[str, FileRecord]
    digest: Sha256
    made_on: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]


class FeatureRecord(_Part):
    """A feature as the model knew it: what it is, without how it is computed.

    `source` is the column of the people table, or the kind of event, that it reads;
    `level` the category that it is about. Scoring makes the feature again from them.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
    theme: Theme
    block: str
    unit: str
    means: str
    when_empty: str
    risk: Literal[-1, 0, 1] = 0
    source: str = ""
    level: str = ""


class FeatureFile(_Part):
    """`features.json`: the columns of the matrix, in order, and the questionnaires behind them."""

    features: Annotated[tuple[FeatureRecord, ...], Field(min_length=1)]
    instruments: tuple[Instrument, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the matrix, in the model's order."""
        return tuple(feature.name for feature in self.features)


def record_of(feature: Feature) -> FeatureRecord:
    """Return what a bundle keeps of a feature."""
    return FeatureRecord(
        name=feature.name,
        theme=feature.theme,
        block=feature.block,
        unit=feature.unit,
        means=feature.means,
        when_empty=feature.when_empty,
        risk=feature.risk,
        source=feature.source,
        level=feature.level,
    )


def installed_libraries() -> dict[str, str]:
    """Return the versions of Python and of the libraries that shape a model."""
    return {"python": platform.python_version()} | {name: version_of(name) for name in LIBRARIES}


def canonical(content: Any) -> bytes:
    """Return JSON that is the same bytes for the same content: keys in order, no NaN.

    >>> print(canonical({"b": 1, "a": 0.1}).decode(), end="")
    {
      "a": 0.1,
      "b": 1
    }
    """
    text = json.dumps(content, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def digest_of(content: dict[str, Any]) -> str:
    """Return the hash of a manifest's content, whether it already holds its `digest` or not."""
    lasting = {key: value for key, value in content.items() if key not in ("digest", "made_on")}
    return hashlib.sha256(canonical(lasting)).hexdigest()
