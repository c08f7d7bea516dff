"""Ask whether engagement leads: what will be tested is written first, then the data are opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from earlywarn.bundle.manifest import canonical
from earlywarn.config import Config, load_config
from earlywarn.features.gather import Sources
from earlywarn.folders import written_whole
from earlywarn.model.examples import Examples, gather_examples, plan
from earlywarn.progress import bar, step
from earlywarn.report.page import write_page
from earlywarn.report.study_facts import StudyFacts, as_dict, study_facts
from earlywarn.report.study_figures import Drawn, figures
from earlywarn.report.study_files import write_figures, write_tables
from earlywarn.report.study_page import render_study_page
from earlywarn.run.opening import PRIVATE, data_folder, instruments_beside, opened
from earlywarn.study.benchmark import benchmark_file
from earlywarn.study.benchmark_file import write_benchmark
from earlywarn.study.found import Found, find
from earlywarn.study.preregistration import (
    FILE,
    STUDY_FILE,
    Preregistration,
    as_markdown,
    preregister,
    refuse_changes,
    refuse_over_study,
    refuse_to_replace,
)

STUDY = Path("study")


@dataclass(frozen=True)
class Written:
    """What will be tested, and where that was written."""

    file: Path
    sha256: str


@dataclass(frozen=True)
class StudyRun:
    """What a study wrote, and its answer in words.

    absent : the parts for which the data hold nothing.
    whole  : the folder of the tables that name schools; None without any.
    """

    folder: Path
    headline: str
    says: tuple[str, ...]
    sha256: str
    deposited: bool
    tables: tuple[str, ...]
    absent: tuple[str, ...]
    whole: Path | None


def write_preregistration(config_file: Path, out: Path = STUDY) -> Written:
    """Write what a study will test, to be deposited; no data are opened."""
    written = preregister(study_config(config_file))
    refuse_over_study(out)
    refuse_to_replace(out, written)
    with written_whole(out, FILE) as draft:
        _write_down(written, draft)
    return Written(out / FILE, written.sha256)


def study(
    config_file: Path,
    data: Path | None = None,
    out: Path = STUDY,
    private: Path = PRIVATE,
    preregistered: Path | None = None,
) -> StudyRun:
    """Write down what will be tested, open the data, ask every part, and write page, tables and figures."""
    config = study_config(config_file)
    written = preregister(config)
    if preregistered is not None:
        refuse_changes(preregistered, written)
    else:
        refuse_to_replace(out, written)
    folder = data_folder(data, config, config_file)
    with written_whole(out, FILE) as draft:
        _write_down(written, draft)
        with opened(folder, config, instruments_beside(config_file), private) as sources:
            examples = _examples(sources, private)
            found = find(sources, examples, config)
            facts = study_facts(config, sources, examples, found, written, deposited=preregistered is not None)
            with step("Writing the study"):
                _write(facts, figures(found.tables, config), draft)
            if (benchmark := benchmark_file(sources, examples, config)) is not None:
                write_benchmark(draft / "benchmark.json", benchmark)
        whole = _write_whole(found, private / f"study-{config.name}")
    verdict = facts.verdict
    names = tuple(table.name for table in found.tables)
    return StudyRun(out, verdict.headline, verdict.says, written.sha256, facts.deposited, names, found.absent, whole)


def study_config(config_file: Path) -> Config:
    """Return the config with what staff of the same school answered among what models of pupils may know."""
    config = load_config(config_file)
    features = config.features.model_copy(update={"staff_views": config.population == "pupils"})
    return config.model_copy(update={"features": features})


def _write_down(written: Preregistration, folder: Path) -> None:
    (folder / FILE).write_text(written.text, encoding="utf-8", newline="\n")
    (folder / "preregistration.md").write_text(as_markdown(written), encoding="utf-8", newline="\n")


def _examples(sources: Sources, private: Path) -> Examples:
    planned, _ = plan(sources)
    with bar("Gathering features and labels", len(planned.kept)) as dates:
        return gather_examples(sources, planned, private, lambda _: dates.advance())


def _write(facts: StudyFacts, shown: Sequence[Drawn], folder: Path) -> None:
    drawn = _drawn(shown)
    pictures = {name: forms["svg"] for name, forms in drawn.items()}
    write_page(folder / "study.html", render_study_page(facts, shown, pictures))
    (folder / STUDY_FILE).write_bytes(canonical(as_dict(facts)))
    write_tables(facts.found.tables, folder / "tables")
    write_figures(drawn, folder / "figures")


def _drawn(shown: Sequence[Drawn]) -> Mapping[str, Mapping[str, bytes]]:
    from earlywarn.report.study_drawings import draw  # matplotlib: half a second that no other command waits for

    return {one.name: draw(one) for one in shown}


def _write_whole(found: Found, folder: Path) -> Path | None:
    """Write the tables that name schools into the private folder."""
    if not found.whole:
        return None
    with written_whole(folder, "tables") as draft:
        write_tables(found.whole, draft / "tables")
    return folder
