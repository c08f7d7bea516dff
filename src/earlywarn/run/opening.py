"""Open a data folder for a command: its tables, its questionnaires, the config that it is read with."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from earlywarn.bundle.read import Bundle
from earlywarn.config import Config
from earlywarn.errors import ConfigError
from earlywarn.features.gather import Sources
from earlywarn.model.examples import load_sources
from earlywarn.paths import shipped_instruments
from earlywarn.progress import say, step
from earlywarn.surveys.instrument import Instrument, load_instruments
from earlywarn.tables.store import open_store

MODELS, PRIVATE, MLRUNS = Path("models"), Path("private"), Path("mlruns")


@contextmanager
def opened(data: Path, config: Config, instruments: Mapping[str, Instrument], private: Path) -> Iterator[Sources]:
    """Open and check a data folder, and lend what features and labels are computed from."""
    with step("Reading and checking the tables"):
        store = open_store(data, private=private, config=config, instruments=instruments)
    with store:
        for finding in store.findings:
            if finding.effect == "sets aside":
                say(f"{finding}\n  fix: {finding.fix}")
        with step("Packing the register"):
            sources = load_sources(store, config)
        yield sources


def data_folder(data: Path | None, config: Config, config_file: Path) -> Path:
    if data is None and config.data is None:
        raise ConfigError(f"{config_file}: no data folder is named", fix="give --data DIR, or `data:` in the config")
    return data or config_file.parent / (config.data or "")


def instruments_beside(config_file: Path | None) -> Mapping[str, Instrument]:
    """Return the questionnaires beside the config, then the shipped ones."""
    own = [config_file.parent / "instruments"] if config_file else []
    return load_instruments(*own, shipped_instruments())


def instruments_of(bundle: Bundle) -> Mapping[str, Instrument]:
    """Return the bundle's own questionnaires, and the shipped ones for waves that it does not look at."""
    return {**load_instruments(shipped_instruments()), **{one.name: one for one in bundle.instruments}}


def config_of(bundle: Bundle) -> Config:
    """Return the config that a bundle keeps, with today left to the data."""
    return Config.model_validate(bundle.manifest.config | {"data_to": None})
