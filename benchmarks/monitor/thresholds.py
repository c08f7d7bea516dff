"""A made-up trust's last year, watched by a model trained on the two before: quiet, or with something that changed.

    PYTHONPATH=src nice python -m benchmarks.monitor.thresholds --seeds 101 120
    PYTHONPATH=src nice python -m benchmarks.monitor.thresholds --seeds 101 102 --scenario changed-item

For each seed and date: the readings that came nearest to an alarm, as a share of their limit; the AUC that was
expected, and the one that was realised. The limits of `earlywarn.monitor.thresholds` are set on seeds of their own.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from earlywarn.bundle.manifest import Data, record_of
from earlywarn.bundle.protocol import files_of
from earlywarn.bundle.read import Bundle, read_bundle
from earlywarn.bundle.write import BundleContents, write_bundle
from earlywarn.config import AsOf, Config, load_config
from earlywarn.evaluate.estimate import plain
from earlywarn.evaluate.held_out import tested_populations
from earlywarn.features.build import build_matrix
from earlywarn.features.gather import Sources
from earlywarn.model.examples import Examples, features_for, label_rows, plan
from earlywarn.model.train import Trained, train
from earlywarn.monitor.reading import KINDS
from earlywarn.monitor.realised import realised_performance
from earlywarn.monitor.reference import reference_of
from earlywarn.monitor.verdict import Verdict, verdict
from earlywarn.monitor.watch import Watched, watch
from earlywarn.paths import shipped_configs
from earlywarn.progress import be_quiet
from earlywarn.simulate import Plan
from earlywarn.simulate.trust import make_trust
from earlywarn.terms import as_of_dates, trust_calendar

from ..models.in_memory import sources_of

LEARNT = slice(2, 6)  # two dates a year: the first year is history, the last is watched
TRIALS = 2


def watched_years(trust: Plan) -> Iterator[tuple[Watched, Verdict]]:
    """Train on all but the last year of a trust, and watch the dates of that year."""
    config = load_config(shipped_configs() / "pupil-absence.yaml")
    with sources_of(make_trust(trust), config) as sources, TemporaryDirectory() as folder:
        dates = as_of_dates(config.as_of, trust_calendar(sources.calendars), sources.store.today)
        config = config.model_copy(
            update={
                "as_of": AsOf(dates=dates[LEARNT]),
                "history": "none",  # asked of the table of marks, which is not there; the first year is left out above
                "model": config.model.model_copy(update={"trials": TRIALS}),
            }
        )
        sources = replace(sources, config=config)
        bundle = trained_bundle(sources, config, Path(folder))
        for day in dates[LEARNT.stop : LEARNT.stop + 2]:
            watched = watch(bundle, sources, day)
            yield watched, verdict(bundle, [watched])


def trained_bundle(sources: Sources, config: Config, folder: Path) -> Bundle:
    planned, closes = plan(sources)
    rows = label_rows(sources, planned)
    matrix = build_matrix(sources, rows.people, features_for(sources, rows))
    examples = Examples(rows.plan, rows.people, rows.then, rows.now, matrix, None)
    trained = train(examples, config, closes, None, lambda trial, best: None)
    return read_bundle(write_bundle(folder, _contents(sources, examples, trained, config)))


def _contents(sources: Sources, examples: Examples, trained: Trained, config: Config) -> BundleContents:
    calendar = trust_calendar(sources.calendars)
    places = {calendar.place_in_year(day) for day in examples.plan.kept}
    pages = {name: "" for name in files_of("trees") if name.endswith((".md", ".html"))} | {
        "transparency_record.json": "{}"
    }
    return BundleContents(
        config=config,
        kept=trained.kept,
        tested=trained.tested,
        features=tuple(record_of(feature) for feature in trained.recipe.features),
        instruments=sources.instruments,
        trained=examples.plan.kept,
        tested_on=examples.plan.test,
        serves=tuple(sorted(place for place in places if place is not None)),
        data=Data(digest="", first_day=calendar.days[0].astype(object), today=sources.store.today),
        metrics={"populations": _tested(examples, trained, config)},
        audit={},
        audit_csv="",
        reference=reference_of(sources, examples, trained),
        pages=lambda about: pages,
    )


def _tested(examples: Examples, trained: Trained, config: Config) -> dict[str, Any]:
    """Return the measures of the tested model, as a training keeps them."""
    people = examples.matrix.people[examples.test].reset_index(drop=True)
    outcome = examples.now.outcome[examples.test] > 0
    populations = tested_populations(examples, config)
    measured, _ = realised_performance(people, outcome, trained.test_raw, trained.test_risk, populations, config)
    found: dict[str, Any] = {}
    for one in measured:
        found.setdefault(one.population, {"model": {}})["model"][one.measure] = plain(one.estimate)
    return found


def shown(seed: int, watched: Watched, found: Verdict) -> str:
    """Return what came nearest to an alarm of each kind, and how near the estimate came."""
    lines = [f"seed {seed} {watched.as_of} ({watched.people:,} people): {found.level}"]
    lines += [f"  {reason.level}: {reason.says}" for reason in found.reasons]
    for kind in KINDS:
        nearest = sorted((each for each in watched.readings if each.kind == kind), key=_share)[::-1][:3]
        told = ", ".join(f"{each.name} {each.school} {each.moved:+.3f}/{each.limit:.3f}" for each in nearest)
        alarms = sum(each.alarm for each in watched.readings if each.kind == kind)
        lines.append(f"  {kind:9} {alarms} alarm(s); {told}")
    came = {(one.population, one.measure): one.estimate for one in watched.realised}
    for one in watched.expected:
        if (real := came.get((one.population, one.measure))) and real.value is not None and one.value is not None:
            inside = (one.low or 0) <= real.value <= (one.high or 1)
            lines.append(
                f"  {one.population:9} {one.measure:10} expected {one.value:.4f} ({one.low:.3f} to {one.high:.3f}) "
                f"realised {real.value:.4f} apart {one.value - real.value:+.4f} {'inside' if inside else 'OUTSIDE'}"
            )
    for (population, measure), real in came.items():
        if measure in ("observed_over_expected", "calibration_slope"):
            lines.append(f"  {population:9} {measure} {real.value} ({real.low} to {real.high})")
    return "\n".join(lines)


def _share(reading: Any) -> float:
    return float(np.inf) if not reading.limit else abs(reading.moved) / reading.limit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs=2, default=(101, 106))
    parser.add_argument("--scenario", default="")
    parser.add_argument("--schools", type=int, default=20)
    parser.add_argument("--pupils", type=int, default=8000)
    given = parser.parse_args()
    be_quiet()
    for seed in range(given.seeds[0], given.seeds[1] + 1):
        began = perf_counter()
        trust = Plan(
            schools=given.schools, pupils=given.pupils, years=4, current_weeks=6, seed=seed, scenario=given.scenario
        )
        for watched, found in watched_years(trust):
            print(shown(seed, watched, found), flush=True)
        print(f"  {perf_counter() - began:.1f} s", flush=True)


if __name__ == "__main__":
    main()
