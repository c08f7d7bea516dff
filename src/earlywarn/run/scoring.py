"""Score people, and write what schools receive."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from earlywarn.bundle.read import read_bundle
from earlywarn.bundle.signature import public_key
from earlywarn.bundle.verify import check_signer
from earlywarn.errors import ConfigError
from earlywarn.folders import written_whole
from earlywarn.progress import step
from earlywarn.report.contents import ABOUT, LOG
from earlywarn.report.earlier import read_earlier
from earlywarn.report.scores import write_scores
from earlywarn.run.opening import PRIVATE, config_of, instruments_of, opened
from earlywarn.score.list_log import read_log
from earlywarn.score.people import score_people
from earlywarn.score.since import Changes


@dataclass(frozen=True)
class ScoringChoice:
    """What may be added to a scoring.

    previous : the scores folder of an earlier list, to say who is new, who left and why.
    exclude  : a file of person_ids, one a line: they are neither scored nor shown.
    wording  : a trust's own copy of the wording file.
    key      : a public key; a bundle that its owner has not signed is refused.
    """

    previous: Path | None = None
    exclude: Path | None = None
    wording: Path | None = None
    key: Path | None = None


@dataclass(frozen=True)
class ScoringRun:
    """What a scoring wrote."""

    folder: Path
    people: int
    listed: int
    packs: int
    changes: Changes | None
    private_scores: Path | None


def score(
    bundle_path: Path,
    data: Path,
    as_of: date,
    out: Path,
    private: Path = PRIVATE,
    choice: ScoringChoice = ScoringChoice(),
) -> ScoringRun:
    """Score everyone on roll on a morning, with reasons, and write a pack for each school."""
    bundle = read_bundle(bundle_path)
    if choice.key:
        check_signer(bundle.signed_by, public_key(choice.key))
    _keep_what_schools_wrote(out)
    earlier = read_earlier(choice.previous, bundle.manifest.name, as_of) if choice.previous else None
    config = config_of(bundle).model_copy(update={"exclude": choice.exclude})
    with (
        written_whole(out, ABOUT) as draft,
        opened(data, config, instruments_of(bundle), private) as sources,
    ):
        with step("Scoring"):
            scored = score_people(bundle, sources, as_of, choice.wording)
        with step("Writing the packs"):
            written = write_scores(scored, bundle, sources, draft, private, earlier)
    listed = int(scored.frame["listed"].sum())
    return ScoringRun(out, len(scored.frame), listed, written.packs, written.changes, written.private_scores)


def _keep_what_schools_wrote(out: Path) -> None:
    """Refuse to replace a list log in which somebody has written."""
    if any(entry.said for entry in read_log(out / LOG).values()):
        raise ConfigError(
            f"{out}: its {LOG} holds what schools wrote, and would be lost",
            fix="name another folder with --out; --previous holds the new list against this one",
        )
