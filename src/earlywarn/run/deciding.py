"""Decide which version of a model is used: promote one, or go back to the champion before."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from earlywarn.bundle import decisions
from earlywarn.bundle.decision_log import LOG, Recorded
from earlywarn.bundle.decisions import Said, champion_of
from earlywarn.progress import step
from earlywarn.run.opening import MLRUNS, MODELS
from earlywarn.track import is_kept, mirror_decisions


@dataclass(frozen=True)
class Decided:
    """A decision, and where it stands.

    before   : the champion until then; None if it is the first.
    line     : its line in the log.
    seal     : the hash of that line, and with it of all the lines above it.
    mirrored : whether there is an MLflow store, in which the aliases were moved.
    """

    name: str
    version: int
    before: int | None
    not_met: tuple[str, ...]
    log: Path
    line: int
    seal: str
    mirrored: bool


def promote(
    name: str,
    version: int,
    by: str,
    because: str,
    override: str = "",
    on: date | None = None,
    models: Path = MODELS,
    mlruns: Path = MLRUNS,
) -> Decided:
    """Make a version of a model the champion."""
    said = Said(by, because, on or date.today(), override)
    return _decided(name, decisions.promote(models, name, version, said), models, mlruns)


def rollback(
    name: str, by: str, because: str, on: date | None = None, models: Path = MODELS, mlruns: Path = MLRUNS
) -> Decided:
    """Make the champion before the present one the champion again."""
    said = Said(by, because, on or date.today())
    return _decided(name, decisions.roll_back(models, name, said), models, mlruns)


def _decided(name: str, recorded: Recorded, models: Path, mlruns: Path) -> Decided:
    if mirrored := is_kept(mlruns):
        with step("Telling MLflow"):
            mirror_decisions(models, name, mlruns)
    *earlier, made = recorded.log
    return Decided(
        name=name,
        version=made.version,
        before=champion_of(tuple(earlier)),
        not_met=made.not_met,
        log=models / name / LOG,
        line=len(recorded.log),
        seal=recorded.seal,
        mirrored=mirrored,
    )
