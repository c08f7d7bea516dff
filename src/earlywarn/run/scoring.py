"""Score people, and write what schools receive."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from earlywarn.bundle.read import read_bundle
from earlywarn.folders import written_whole
from earlywarn.progress import step
from earlywarn.report.scores import write_scores
from earlywarn.run.opening import PRIVATE, config_of, instruments_of, opened
from earlywarn.score.people import score_people


@dataclass(frozen=True)
class ScoringRun:
    """What a scoring wrote."""

    folder: Path
    people: int
    listed: int
    packs: int
    private_scores: Path | None


def score(bundle_path: Path, data: Path, as_of: date, out: Path, private: Path = PRIVATE) -> ScoringRun:
    """Score everyone on roll on a morning, with reasons, and write a pack for each school."""
    bundle = read_bundle(bundle_path)
    config = config_of(bundle)
    with (
        written_whole(out, "about.json") as draft,
        opened(data, config, instruments_of(bundle), private) as sources,
    ):
        with step("Scoring"):
            scored = score_people(bundle, sources, as_of)
        with step("Writing the packs"):
            written = write_scores(scored, bundle, sources, draft, private)
    return ScoringRun(out, len(scored.frame), int(scored.frame["listed"].sum()), written.packs, written.private_scores)
