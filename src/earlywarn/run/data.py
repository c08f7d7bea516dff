"""Make up a trust; check a data folder."""

from dataclasses import dataclass
from pathlib import Path

from earlywarn.config import load_config
from earlywarn.progress import step
from earlywarn.run.opening import PRIVATE, instruments_beside
from earlywarn.simulate import Plan as TrustPlan
from earlywarn.simulate import Simulated
from earlywarn.simulate import simulate as make_trust
from earlywarn.tables.check import Finding
from earlywarn.tables.examine import TableSummary
from earlywarn.tables.store import check_folder


@dataclass(frozen=True)
class Checked:
    """What a check found: a summary of each table, and every broken rule."""

    summary: tuple[TableSummary, ...]
    findings: tuple[Finding, ...]

    @property
    def stops(self) -> bool:
        return any(finding.effect == "stops" for finding in self.findings)


def simulate(trust: TrustPlan, out: Path, truth: Path | None = None) -> Simulated:
    """Make up a trust and write its data folder, with the true probabilities for a model's config if one is given."""
    return make_trust(trust, out, load_config(truth) if truth else None)


def check(data: Path, config_file: Path | None = None, private: Path = PRIVATE) -> Checked:
    """Read and check a data folder."""
    config = load_config(config_file) if config_file else None
    with step("Reading and checking the tables"):
        return Checked(*check_folder(data, private, instruments_beside(config_file), config))
