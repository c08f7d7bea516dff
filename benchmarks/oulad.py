"""The try on real data: one module of the Open University, two presentations, as of day 28 and as of day 56.

    python benchmarks/oulad.py DIR > tables.md        DIR holds the data set as tables, see docs/oulad.md

In:  the folder of tables.
Out: in Markdown, who ranks how well on the next presentation, and how its probabilities do there before and after
     calibration. Both shipped configs are trained as they are, and once more four weeks later.
"""

import json
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from earlywarn import run
from earlywarn.paths import shipped_configs
from earlywarn.progress import be_quiet

POPULATIONS = {"everyone": "everyone", "onset": "below 70% so far"}
CALIBRATION = {
    "observed_over_expected": "with the outcome for each one predicted",
    "calibration_intercept": "calibration intercept",
    "calibration_slope": "calibration slope",
    "calibration_error": "expected calibration error",
}


@dataclass(frozen=True)
class Try:
    """One of the four trainings; `weeks` is the length of the outcome window."""

    config: str
    title: str
    day: int
    dates: tuple[date, date]
    weeks: int


DAY_28, DAY_56 = (date(2013, 3, 4), date(2013, 11, 4)), (date(2013, 4, 1), date(2013, 12, 2))
TRIES = (
    Try("oulad", "Missing 70% or more of the next 8 weeks", 28, DAY_28, 8),
    Try("oulad", "Missing 70% or more of the next 8 weeks", 56, DAY_56, 8),
    Try("oulad-fail", "Failing or withdrawing", 28, DAY_28, 35),
    Try("oulad-fail", "Failing or withdrawing", 56, DAY_56, 31),
)


def main(data: Path) -> None:
    be_quiet()
    for title in dict.fromkeys(each.title for each in TRIES):
        found = {each.day: trained(each, data) for each in TRIES if each.title == title}
        print(f"## {title}\n")
        print("\n".join([*ranking(found), "", *calibration(found), ""]))
        for day, facts in found.items():
            print(f"Day {day}:\n\n> {' '.join(facts['headline'])}\n")


def trained(each: Try, data: Path) -> dict[str, Any]:
    """Train as `earlywarn train` does, and return what `metrics.json` holds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = yaml.safe_load((shipped_configs() / f"{each.config}.yaml").read_text(encoding="utf-8"))
        config["as_of"] = {"dates": list(each.dates)}
        config["outcome"]["weeks"] = each.weeks
        (folder / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
        made = run.train(folder / "config.yaml", data, folder / "models", folder / "private", folder / "mlruns")
        facts: dict[str, Any] = json.loads((made.bundle / "metrics.json").read_text(encoding="utf-8"))
        return facts


def ranking(found: dict[int, dict[str, Any]]) -> list[str]:
    """Return the table of AUC: a row for everyone who ranks, the best first; a column for each day and population."""
    columns = [(day, name) for day, facts in found.items() for name in POPULATIONS if name in facts["populations"]]
    head = [f"day {day}, {POPULATIONS[name]}" for day, name in columns]
    lines = [f"| who ranks | {' | '.join(head)} |", f"| --- |{' --- |' * len(head)}"]
    words = {name: said for facts in found.values() for name, said in facts["contenders"].items()}
    everyone = next(iter(found.values()))["populations"]["everyone"]
    for name, said in sorted(words.items(), key=lambda item: -(everyone[item[0]]["auc"]["value"] or 0)):
        cells = [auc(found[day]["populations"][population].get(name)) for day, population in columns]
        lines.append(f"| {said} | {' | '.join(cells)} |")
    return lines


def auc(measures: dict[str, Any] | None) -> str:
    if measures is None:
        return "takes no part"
    found = measures["auc"]
    if found["value"] is None:
        return "not estimable"
    return f"{found['value']:.3f}" + (
        f" ({found['low']:.3f} to {found['high']:.3f})" if found["low"] is not None else ""
    )


def calibration(found: dict[int, dict[str, Any]]) -> list[str]:
    """Return how the model's probabilities do on the next presentation, before they are calibrated and after."""
    head = [f"day {day}, {when}" for day in found for when in ("before", "after")]
    lines = [f"| on the next presentation | {' | '.join(head)} |", f"| --- |{' --- |' * len(head)}"]
    for measure, words in CALIBRATION.items():
        cells = [
            number(facts["calibration_on_test"][when][measure]["value"])
            for facts in found.values()
            for when in ("before", "after")
        ]
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return lines


def number(value: float | None) -> str:
    return "not estimable" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
