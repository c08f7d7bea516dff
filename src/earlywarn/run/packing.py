"""Write the packs again from a scores folder: with names, against an earlier list, with what schools wrote."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from earlywarn.errors import ConfigError
from earlywarn.folders import written_whole
from earlywarn.progress import step
from earlywarn.report.contents import LOG, PackContents, read_contents
from earlywarn.report.earlier import held_against, read_earlier
from earlywarn.report.names import Names, read_names
from earlywarn.report.read_log import read_written
from earlywarn.report.scores import write_for_schools
from earlywarn.score.list_log import Merged, merge, write_log
from earlywarn.score.since import Changes

SIGN = "packs-of-schools.txt"


@dataclass(frozen=True)
class PackingRun:
    """What was written, in numbers only.

    named, unknown_names : people of the scores whom the file names; people of the file who are not in the scores.
    noted, replaced      : people of whom the sheets said something new; fields that said something else before.
    """

    folder: Path
    packs: int
    named: int
    unknown_names: int
    noted: int
    replaced: int
    log: Path | None
    changes: Changes | None


def pack(
    scores: Path, out: Path, names: Path | None = None, previous: Path | None = None, logs: Sequence[Path] = ()
) -> PackingRun:
    """Write the packs of a scores folder to another folder; what is on `logs` is taken into its list log."""
    _refuse_nested(scores, out)
    contents = read_contents(scores)
    merged = _with_logs(contents, logs)
    known = read_names(names, set(contents.scores["person_id"])) if names else Names({}, 0)
    told, changes = replace(contents, log=merged.log, names=known.of), None
    if previous is not None:
        told, changes = held_against(told, read_earlier(previous, contents.about.name, contents.about.as_of))
    with written_whole(out, SIGN) as draft, step("Writing the packs"):
        packs = write_for_schools(told, draft)
        (draft / SIGN).write_text("Written by `earlywarn pack`; the next one replaces this folder.\n", encoding="utf-8")
        if logs:
            write_log(scores / LOG, merged.log)
    log = scores / LOG if logs else None
    return PackingRun(out, packs, len(known.of), known.ignored, merged.changed, merged.replaced, log, changes)


def _with_logs(contents: PackContents, logs: Sequence[Path]) -> Merged:
    """Read every sheet before anything is written; what a later one says replaces what an earlier one said."""
    merged = Merged(contents.log, 0, 0)
    for path in logs:
        found = merge(merged.log, read_written(path, contents))
        merged = Merged(found.log, merged.changed + found.changed, merged.replaced + found.replaced)
    return merged


def _refuse_nested(scores: Path, out: Path) -> None:
    """Names stay out of the scores folder, and the scores folder out of what the next run replaces."""
    ours, theirs = scores.resolve(), out.resolve()
    if ours == theirs or ours in theirs.parents or theirs in ours.parents:
        raise ConfigError(f"--out {out}: lies in the scores folder, or holds it", fix="name a folder beside it")
