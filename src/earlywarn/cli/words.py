"""What several commands say of a training, of a scoring, and of what changed since an earlier list."""

from typing import Any


def verdict_words(found: Any) -> list[str]:
    """Return what a training found: before all else, why it may be too good to be true."""
    warnings = [*found.warnings, ""] if found.warnings else []
    return [*warnings, *found.headline, "", f"For whom: {found.reading[0]}"]


def scoring_words(found: Any) -> list[str]:
    lines = [f"{found.people:,} people scored, {found.listed:,} of them listed.", *change_words(found.changes)]
    if found.private_scores:
        lines.append(f"Scores by person stay in {found.private_scores}.")
    where = f"{found.packs} packs in {found.folder / 'packs'}" if found.packs else f"{found.folder / 'staff.html'}"
    return [*lines, f"Wrote {found.folder}: {where}."]


def change_words(changes: Any) -> list[str]:
    """Return how far a list and an earlier one are the same people; nothing where there is no earlier one."""
    if changes is None:
        return []
    either = changes.kept + changes.new + changes.gone
    share = f" ({changes.overlap:.0%} of all who are on either)" if either else ""
    lines = [
        f"Since the list of {changes.as_of}: {changes.kept:,} stayed on their list{share}, {changes.new:,} are new on "
        f"theirs, {changes.gone:,} left theirs."
    ]
    if changes.other_model:
        version = f"version {changes.other_model} of the model"
        lines.append(f"The earlier list was made by {version}: part of the change is the model's own.")
    return lines
