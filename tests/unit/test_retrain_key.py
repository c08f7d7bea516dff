"""The run key: the same for the same content, another as soon as anything that shapes a version is another."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from earlywarn.bundle.write import write_bundle
from earlywarn.config import AsOf, Config
from earlywarn.retrain.key import KEY, digest_of_folder, run_key, version_with
from earlywarn.surveys.instrument import Instrument
from earlywarn.tables.store import open_store
from small_bundle import contents, metrics
from small_folder import INSTRUMENTS, write_folder

CONFIG = Config(name="pupil-absence", as_of=AsOf(dates=(date(2024, 10, 7),)))


@dataclass(frozen=True)
class Inputs:
    """What a key is made of."""

    data: str = "d" * 64
    config: Config = CONFIG
    instruments: dict[str, Instrument] | None = None

    @property
    def key(self) -> str:
        return run_key(self.data, self.config, INSTRUMENTS if self.instruments is None else self.instruments)


def changed(**parts: object) -> Config:
    return CONFIG.model_copy(update=parts)


@pytest.mark.parametrize(
    "other",
    [
        Inputs(data="e" * 64),
        Inputs(config=changed(data_to=date(2026, 7, 20))),
        Inputs(config=changed(settle_days=5)),
        Inputs(instruments={}),
    ],
)
def test_whatever_shapes_a_version_changes_the_key(other: Inputs) -> None:
    assert other.key != Inputs().key


def test_where_the_data_lie_does_not(tmp_path: Path) -> None:
    assert Inputs(config=changed(data=tmp_path)).key == Inputs().key


def test_who_is_left_out_counts_and_not_the_file(tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in ("one.txt", "same.txt", "other.txt"))
    one.write_text("ann\nben\n")
    same.write_text("ben\n\nann\n")
    other.write_text("ann\n")
    first, second, third = (Inputs(config=changed(exclude=file)).key for file in (one, same, other))
    assert first == second
    assert len({first, third, Inputs().key}) == 3


def test_the_folder_has_the_digest_that_its_open_store_has(tmp_path: Path) -> None:
    data = write_folder(tmp_path / "data")
    with open_store(data, private=tmp_path / "private", instruments=INSTRUMENTS) as store:
        assert digest_of_folder(data) == store.digest
    (data / "schools.csv").write_text("school_id,name,phase\n100001,Elm,primary\n100002,Oak Hill,secondary\n")
    assert digest_of_folder(data) != store.digest


def test_the_newest_whole_version_with_the_key_is_found(tmp_path: Path) -> None:
    for key in ("a", "b", "a", "a"):
        path = write_bundle(tmp_path, replace(contents(), metrics=metrics() | {KEY: key}))
    (path / "metrics.json").write_text("{}")  # the last one is damaged
    found = version_with(tmp_path, "pupil-absence", "a")
    assert found is not None
    assert found.manifest.version == 3
    assert version_with(tmp_path, "pupil-absence", "c") is None
