"""Audit a model on dates it was not fitted on, or the scores of any system."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from earlywarn.audit.any_scores import Columns, read_scores
from earlywarn.audit.any_scores import audit_scores as audit_any
from earlywarn.audit.audit import Audit, as_csv
from earlywarn.audit.held_out import audit_new_dates
from earlywarn.audit.sharing import shared
from earlywarn.bundle.manifest import canonical
from earlywarn.bundle.read import read_bundle
from earlywarn.config import Fairness
from earlywarn.features.catalogue import remade
from earlywarn.folders import written_whole
from earlywarn.progress import step
from earlywarn.report.audit_page import render_audit_page
from earlywarn.report.page import write_page
from earlywarn.run.opening import PRIVATE, config_of, instruments_of, opened


@dataclass(frozen=True)
class AuditRun:
    """What an audit wrote, and what it says in words."""

    folder: Path
    dates: tuple[date, ...]
    reading: tuple[str, ...]
    whole_audit: Path


def audit(bundle_path: Path, data: Path, out: Path, private: Path = PRIVATE, exclude: Path | None = None) -> AuditRun:
    """Audit the kept model on dates that it was not fitted on; people in the file `exclude` take no part."""
    bundle = read_bundle(bundle_path)
    config = config_of(bundle).model_copy(update={"exclude": exclude})
    with (
        written_whole(out, "audit.json") as draft,
        opened(data, config, instruments_of(bundle), private) as sources,
    ):
        with step("Auditing"):
            features = [remade(record, bundle.instruments, config.population) for record in bundle.features]
            found = audit_new_dates(sources, bundle.kept, features, bundle.manifest.trained)
        safe = shared(found.audit)
        write_audit(safe, draft)
        whole_audit = private / f"audit-{config.name}-{bundle.manifest.version}-later"
        write_audit(found.audit, whole_audit)
    return AuditRun(out, found.dates, safe.reading, whole_audit)


def audit_scores(file: Path, columns: Columns, fairness: Fairness, out: Path, private: Path = PRIVATE) -> AuditRun:
    """Audit any system's scores from a CSV file."""
    with step("Auditing"):
        found = audit_any(read_scores(file), columns, fairness, name=file.stem)
    safe = shared(found)
    with written_whole(out, "audit.json") as draft:
        write_audit(safe, draft)
    whole_audit = private / f"audit-{file.stem}"
    write_audit(found, whole_audit)
    return AuditRun(out, (), safe.reading, whole_audit)


def write_audit(audited: Audit, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "audit.json").write_bytes(canonical(audited.as_dict()))
    (folder / "audit.csv").write_text(as_csv(audited), encoding="utf-8", newline="\n")
    write_page(folder / "audit.html", render_audit_page(audited.as_dict()))
