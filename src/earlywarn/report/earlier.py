"""A list held against an earlier one: from two scores folders to what the packs say of the change."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from pathlib import Path

from earlywarn.report.contents import PackContents, read_contents
from earlywarn.score.since import Changes, Earlier, check_earlier, since


def read_earlier(folder: Path, name: str, as_of: date) -> Earlier:
    """Read an earlier scores folder of the model `name`."""
    found = read_contents(folder)
    earlier = Earlier(found.about.name, found.about.model_version, found.about.as_of, found.scores, found.log)
    check_earlier(earlier, name, as_of)
    return earlier


def held_against(
    contents: PackContents, earlier: Earlier, left_out: Collection[str] = ()
) -> tuple[PackContents, Changes]:
    """Return contents that say what changed; people in `left_out` asked not to be shown at all."""
    found = since(contents.scores, earlier, contents.about.model_version, left_out)
    about = replace(contents.about, earlier=earlier.as_of)
    return replace(contents, scores=found.scores, about=about, left=found.left), found.changes
