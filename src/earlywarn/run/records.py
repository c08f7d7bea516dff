"""The papers about a model: write them again with a person's answers, and see what is still open."""

from dataclasses import dataclass
from pathlib import Path

from earlywarn.bundle.read import read_bundle
from earlywarn.folders import written_whole
from earlywarn.record.answers import Answers, load_answers
from earlywarn.record.check import CheckedPapers, check_papers
from earlywarn.record.papers import papers, write_papers
from earlywarn.record.run import run_of

_SIGN = "written-by-record.txt"


@dataclass(frozen=True)
class RecordRun:
    """Where papers were written, and what is open in them."""

    folder: Path
    checked: CheckedPapers


def write_record(bundle_path: Path, out: Path, answers_file: Path | None = None) -> RecordRun:
    """Write a bundle's papers anew, with the answers in a `record.yaml`; the bundle stays as it is."""
    run = run_of(read_bundle(bundle_path))
    answers = load_answers(answers_file, run.about.name) if answers_file else Answers()
    with written_whole(out, _SIGN) as draft:
        write_papers(papers(run, answers), draft)
        made = f"Papers of {run.about.name}, version {run.about.version}, written by `earlywarn record write`;"
        (draft / _SIGN).write_text(f"{made} the next ones replace this folder.\n", encoding="utf-8")
    return RecordRun(out, check_papers(out))


def check_record(path: Path) -> CheckedPapers:
    """Say what is open in a bundle's papers, in a folder of papers, or in one paper."""
    return check_papers(path)
