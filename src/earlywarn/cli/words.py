"""What several commands say of a training and of a scoring."""

from typing import Any


def verdict_words(found: Any) -> list[str]:
    """Return what a training found: before all else, why it may be too good to be true."""
    warnings = [*found.warnings, ""] if found.warnings else []
    return [*warnings, *found.headline, "", f"For whom: {found.reading[0]}"]


def scoring_words(found: Any) -> list[str]:
    lines = [f"{found.people:,} people scored, {found.listed:,} of them listed."]
    if found.private_scores:
        lines.append(f"Scores by person stay in {found.private_scores}.")
    where = f"{found.packs} packs in {found.folder / 'packs'}" if found.packs else f"{found.folder / 'staff.html'}"
    return [*lines, f"Wrote {found.folder}: {where}."]
