"""A scores folder of two small schools, written in a blink: what `earlywarn pack` is given."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from earlywarn.report.contents import PackContents, write_contents
from earlywarn.score.list_log import Log, log_of, new_log
from earlywarn.score.since import no_one_left
from made_up_facts import about, pupil, scores


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return scores as they are before they are held against an earlier list."""
    found = scores(*rows)
    return found.assign(
        new=pd.array([None] * len(found), dtype="boolean"), since=pd.Series([[]] * len(found), index=found.index)
    )


def contents(*rows: dict[str, Any], **about_changes: Any) -> PackContents:
    found = frame(*rows)
    return PackContents(found, about(**about_changes), no_one_left(), (), {}, new_log(found))


def written(folder: Path, *rows: dict[str, Any], **about_changes: Any) -> Path:
    """Write a scores folder, without its packs."""
    write_contents(contents(*rows, **about_changes), folder)
    return folder


def earlier_folder(folder: Path) -> Path:
    """Write the scores of four weeks before: one more was listed, one less, and one was on the other list."""
    then = date(2026, 10, 12)
    rows = [
        pupil(0, rank_in_school=4, band="high"),
        pupil(1),
        pupil(2, listed=False),
        pupil(3, list="onset", rank_in_school=9),
        pupil(8, listed=True, rank_in_school=2),
        pupil(70, listed=True, rank_in_school=3),
    ]
    found = contents(*(row | {"as_of": then} for row in rows), as_of=then, model_version="2")
    write_contents(replace(found, log=_seen(found.log)), folder)
    return folder


def _seen(log: Log) -> Log:
    """Return a log in which the first school wrote of two pupils."""
    said = {
        "P0000": {
            "seen_on": date(2026, 10, 14),
            "decision": "followed up",
            "by": "Head of year",
            "why": "Spoke with home.",
        },
        "P0001": {"seen_on": date(2026, 10, 15), "by": "Tutor"},
    }
    return log_of(replace(entry, **said.get(entry.person_id, {})) for entry in log.values())
