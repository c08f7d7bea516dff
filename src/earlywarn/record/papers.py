"""All papers about a model: what a bundle holds of them, and what is written again with a person's answers.

In:  the run, and `Answers`.
Out: the text of each paper, by its file's name.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from earlywarn.record.answers import Answers
from earlywarn.record.card import card
from earlywarn.record.prose import dpia_annex, plain_page
from earlywarn.record.run import Run
from earlywarn.record.transparency import as_markdown, transparency_record

RECORD_JSON = "transparency_record.json"
PAPERS = ("card.md", RECORD_JSON, "transparency_record.md", "dpia_annex.md", "in_plain_words.md")


def papers(run: Run, answers: Answers) -> dict[str, str]:
    """Return every paper, filled as far as the run and the answers go."""
    record = transparency_record(run, answers)
    return {
        "card.md": card(run, answers),
        RECORD_JSON: json.dumps(record, indent=2, ensure_ascii=False) + "\n",
        "transparency_record.md": as_markdown(record),
        "dpia_annex.md": dpia_annex(run, answers),
        "in_plain_words.md": plain_page(run, answers),
    }


def write_papers(found: Mapping[str, str], folder: Path) -> None:
    """Write papers into a folder."""
    for name, text in found.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
