"""Does the audit find a gap that is there, and none where there is none?

    python -m benchmarks.audit.power trusts [--seeds 1-100] [--keep DIR]   make up the trusts: 20 seconds each
    python -m benchmarks.audit.power audit  [--seeds 1-100] [--keep DIR]   audit them: a second each

In:  seeds; each makes up a trust of 10,000 pupils in each scenario.
Out: a line of JSON in `results/audit_power.jsonl` for each trust: every gap of the model, with what was true of it.

The lists of a trust are kept in a folder of their own, so that a change of the audit's rules needs no new trusts, and
a study that was stopped goes on where it was. The settings of the trees are tuned once, on a trust that no study uses.
The rules were chosen on seeds 1001 to 1030; what docs/fairness.md says of them was found on seeds 1 to 100.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product, repeat
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from earlywarn.audit.audit import Audit, audit
from earlywarn.audit.gaps import FAMILY, MODEL, in_family
from earlywarn.audit.groups import group_columns, largest_recorded
from earlywarn.audit.reading import About
from earlywarn.audit.rows import GapRow

from ..engagement import one_core_each
from ..lines import keep, rows_of
from .trusts import CONFIG, a_trust, listed_pupils, tuned

Trusted = tuple[str, int]  # a scenario and a seed
SCENARIOS = ("late-warning", "late-warning-sen", "equal-groups")
RESULTS = Path(__file__).parents[1] / "results" / "audit_power.jsonl"
SETTINGS = RESULTS.with_name("audit_settings.json")
KEPT = Path(tempfile.gettempdir()) / "earlywarn-audit-power"
LISTS = ("onset", "already", "everyone")
WANTED = 0.07  # the gap in recall that an alarm is asked for
DECIMALS = 5


def main() -> None:
    asked = arguments()
    wanted = [(scenario, seed) for seed in asked.seeds for scenario in SCENARIOS]
    asked.keep.mkdir(parents=True, exist_ok=True)
    if asked.step == "trusts":
        make_trusts(wanted, asked.keep, asked.workers)
    else:
        audit_trusts(wanted, asked.keep)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("trusts", "audit"))
    parser.add_argument("--seeds", type=_seeds, default="1-100", help="first and last, e.g. 1-100")
    parser.add_argument("--keep", type=Path, default=KEPT, help="where the lists of the trusts are kept")
    parser.add_argument("--workers", type=int, default=1)
    return parser.parse_args()


def make_trusts(wanted: Sequence[Trusted], folder: Path, workers: int) -> None:
    """Make up the trusts whose lists are not kept yet."""
    to_do = [one for one in wanted if not _kept(folder, *one).exists()]
    with one_core_each(workers) as pool:
        settings = settings_of(pool)
        print(f"{len(to_do)} trusts to do", flush=True)
        for scenario, seed, seconds in pool.map(
            make_trust, *zip(*to_do, strict=True), repeat(settings), repeat(folder)
        ):
            print(f"{scenario}, seed {seed}: {seconds} s", flush=True)


def settings_of(pool: ProcessPoolExecutor) -> dict[str, float]:
    """Return the settings of the trees, tuned and kept if they are not known yet."""
    if not SETTINGS.exists():
        found = pool.submit(tuned).result()
        SETTINGS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8", newline="\n")
    return dict(json.loads(SETTINGS.read_text(encoding="utf-8")))


def make_trust(scenario: str, seed: int, settings: dict[str, float], folder: Path) -> tuple[str, int, float]:
    """Make up one trust and keep its lists; they appear whole or not at all."""
    began = process_time()
    partly = _kept(folder, scenario, seed).with_suffix(".part")
    listed_pupils(a_trust(scenario, seed), settings).to_parquet(partly)
    partly.rename(_kept(folder, scenario, seed))
    return scenario, seed, round(process_time() - began, 1)


def _kept(folder: Path, scenario: str, seed: int) -> Path:
    return folder / f"{scenario}-{seed}.parquet"


def _seeds(text: str) -> range:
    first, last = text.split("-")
    return range(int(first), int(last) + 1)


def audit_trusts(wanted: Sequence[Trusted], folder: Path) -> None:
    """Audit the trusts that are kept and write a line for each; what the file held before is replaced."""
    there = [one for one in wanted if _kept(folder, *one).exists()]
    rows = [row_of(*one, pd.read_parquet(_kept(folder, *one))) for one in there]
    RESULTS.unlink(missing_ok=True)
    keep(rows, RESULTS)
    print(f"{len(rows)} of {len(wanted)} trusts audited")
    print("\n".join(in_words()))


def row_of(scenario: str, seed: int, pupils: pd.DataFrame) -> dict[str, Any]:
    """Return every gap of the model on one trust's lists, beside what was true of it."""
    audited = audit_of(pupils)
    truth = true_gaps(pupils)
    gaps = [_line(gap, truth) for gap in audited.gaps if in_family(gap.key) and gap.value is not None]
    return {"scenario": scenario, "seed": seed, "comparisons": audited.comparisons, "gaps": gaps}


def audit_of(pupils: pd.DataFrame) -> Audit:
    """Audit the lists of one trust as `earlywarn train` does it; without probabilities, which no alarm needs."""
    return audit(
        pupils,
        outcome=pupils["outcome"].to_numpy(),
        listed={MODEL: {name: pupils[name].fillna(0.0).to_numpy() for name in LISTS}},
        risk={},
        populations={name: pupils[name].notna().to_numpy() for name in LISTS},
        fairness=CONFIG.fairness,
        school=pupils["school_id"].to_numpy(str),
        person=pupils["person_id"].to_numpy(str),
        as_of=pupils["as_of"].to_numpy(),
        about=About(CONFIG.name, "were persistently absent"),
    )


def true_gaps(pupils: pd.DataFrame) -> dict[tuple[str, str, str, str], float]:
    """Return what each gap would be if the outcome were not drawn, by list, grouping, group and measure."""
    found = {}
    for group_by, labels in group_columns(pupils, CONFIG.fairness).labels.items():
        against = largest_recorded(labels)
        for name, group in product(LISTS, np.unique(labels).tolist()):
            apart = true_measures(pupils[labels == group], name) - true_measures(pupils[labels == against], name)
            found |= {(name, group_by, group, measure): apart[at] for at, measure in enumerate(FAMILY)}
    return found


def true_measures(pupils: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Return the true recall and share of false alarms of some pupils' list."""
    members = pupils[pupils[name].notna()]
    likely, listed = members["probability"].to_numpy(), members[name].to_numpy()
    found = likely @ listed
    return np.array([found / max(likely.sum(), 1e-9), 1 - found / max(listed.sum(), 1e-9)])


def _line(gap: GapRow, truth: dict[tuple[str, str, str, str], float]) -> dict[str, Any]:
    key = gap.key
    numbers = {
        name: getattr(gap, name)
        for name in ("value", "low", "high", "family_high", "error", "freedom", "smallest_shown")
    }
    numbers["true"] = truth[key.population, key.group_by, key.group, key.measure]
    return {
        "list": key.population, "group_by": key.group_by, "group": key.group, "measure": key.measure,
        **{name: None if number is None else round(float(number), DECIMALS) for name, number in numbers.items()},
        "alarm": gap.alarm,
    }  # fmt: skip


def in_words() -> Iterator[str]:
    """Yield how often an alarm is raised, and whether the detectable gap of EHC plans is right."""
    rows = rows_of(RESULTS)
    for scenario, group_by in (("late-warning", "pupil_premium"), ("late-warning-sen", "any_sen")):
        here = [row for row in rows if row["scenario"] == scenario]
        alarms = sum(any(gap["alarm"] and gap["group_by"] == group_by for gap in row["gaps"]) for row in here)
        true = gaps_of(here, "everyone", group_by, "yes", "recall")["true"]
        moved = sum(_alarm_if_moved(row["gaps"], group_by) for row in here)
        yield (
            f"{scenario}: an alarm for {group_by} in {alarms} of {len(here)}; the true gap in recall on the list of "
            f"everyone is {true.mean():+.3f}, from {true.min():+.3f} to {true.max():+.3f}; with each moved to "
            f"{-WANTED:+.3f} an alarm in {moved}"
        )
    equal = [row for row in rows if row["scenario"] == "equal-groups"]
    raised = sum(any(gap["alarm"] for gap in row["gaps"]) for row in equal)
    yield f"equal-groups: any alarm in {raised} of {len(equal)}"
    for name, measure in product(LISTS, FAMILY):
        yield f"EHC plans, {name}, {measure}: {_detectable(gaps_of(equal, name, 'sen', 'E', measure))}"


def _alarm_if_moved(gaps: Sequence[dict[str, Any]], group_by: str) -> bool:
    """Tell whether one trust's audit would raise an alarm for a group if its true gap in recall were `WANTED`.

    The gap on the list of everyone is moved by as much as the true one lies off, its error as it is; the group's other
    gaps stay as they are.
    """
    mine = [gap for gap in gaps if gap["group_by"] == group_by]
    (main,) = [gap for gap in mine if (gap["list"], gap["group"], gap["measure"]) == ("everyone", "yes", "recall")]
    margin = main["family_high"] - main["value"]
    moved = main["value"] - main["true"] - WANTED
    return bool(abs(moved) > margin) or any(gap["alarm"] for gap in mine if gap is not main)


def _detectable(gaps: pd.DataFrame) -> str:
    """Return the gap that audits say they would have shown, beside what follows from how far they really err."""
    said = gaps["smallest_shown"].mean()
    quantiles = stdtrit(gaps["freedom"], 0.975) + stdtrit(gaps["freedom"], 0.80)
    spread, error = (quantiles.mean() * each.std() for each in (gaps["value"], gaps["value"] - gaps["true"]))
    return f"said {said:.3f}; by the spread of gaps {spread:.3f} ({said / spread:.2f}), of errors {error:.3f}"


def gaps_of(rows: Sequence[dict[str, Any]], name: str, group_by: str, group: str, measure: str) -> pd.DataFrame:
    """Return one gap of every trust in which it has an interval."""
    wanted = (name, group_by, group, measure)
    every = (gap for row in rows for gap in row["gaps"])
    found = [gap for gap in every if (gap["list"], gap["group_by"], gap["group"], gap["measure"]) == wanted]
    return pd.DataFrame([gap for gap in found if gap["smallest_shown"] is not None])


if __name__ == "__main__":
    main()
