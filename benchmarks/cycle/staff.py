"""Staff, of whom there are few: does the interval of what is expected hold what comes?

    python -m benchmarks.cycle.staff

In:  eight trusts of 12 schools, with some 500 members of staff each.
Out: a line of JSON in `results/cycle_staff.jsonl` for every date: what was expected of the shipped model of
     resignations, and what came.

A model learns from the six dates of three years, and is watched on the four of the two years that follow.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from earlywarn.config import AsOf, Config, load_config
from earlywarn.features.gather import Sources
from earlywarn.monitor.watch import watch
from earlywarn.paths import shipped_configs, shipped_instruments
from earlywarn.progress import be_quiet
from earlywarn.run.opening import opened
from earlywarn.simulate import Plan, columns
from earlywarn.simulate.calendar import last_day
from earlywarn.simulate.folder import add_staff
from earlywarn.simulate.surveys import make_waves
from earlywarn.simulate.trust import make_trust, years_of
from earlywarn.simulate.write import TableWriter, new_folder
from earlywarn.surveys.instrument import load_instruments
from earlywarn.terms import as_of_dates, trust_calendar

from ..lines import keep, rows_of
from ..models.recipes import RESULTS
from ..monitor.thresholds import trained_bundle
from .quiet import Row, figures

FOUND = RESULTS / "cycle_staff.jsonl"
SEEDS = range(1201, 1209)
LEARNT, WATCHED = slice(0, 6), slice(6, 10)


def main() -> None:
    be_quiet()
    done = {row["seed"] for row in rows_of(FOUND)}
    for seed in (seed for seed in SEEDS if seed not in done):
        began = perf_counter()
        with TemporaryDirectory() as folder:
            keep(list(watched_staff(seed, Path(folder))), FOUND)
        print(f"{seed}: {perf_counter() - began:.0f} s", flush=True)


def watched_staff(seed: int, folder: Path) -> Iterator[Row]:
    """Yield what was expected and what came on each date of a trust's last two years."""
    plan = Plan(schools=12, pupils=4800, years=5, current_weeks=6, seed=seed)
    write_staff(plan, folder / "data")
    config = load_config(shipped_configs() / "staff-resignation.yaml")
    until: object = last_day(plan).astype(object)
    config = config.model_copy(update={"data_to": until})
    with opened(folder / "data", config, load_instruments(shipped_instruments()), folder / "private") as sources:
        dates = as_of_dates(config.as_of, trust_calendar(sources.calendars), sources.store.today)
        sources = _learning(sources, config, AsOf(dates=dates[LEARNT]))
        bundle = trained_bundle(sources, sources.config, folder)
        for day in dates[WATCHED]:
            yield {"seed": seed} | figures(watch(bundle, sources, day))


def _learning(sources: Sources, config: Config, as_of: AsOf) -> Sources:
    model = config.model.model_copy(update={"trials": 1})
    return replace(sources, config=config.model_copy(update={"as_of": as_of, "model": model}))


def write_staff(plan: Plan, out: Path) -> None:
    """Write the tables of a made-up trust that are about its staff."""
    trust, waves, instruments = make_trust(plan), make_waves(plan), load_instruments(shipped_instruments())
    met = 0
    with new_folder(out) as folder, TableWriter(folder) as tables:
        tables.add("schools", columns.schools(trust.schools))
        tables.add("waves", columns.waves(waves))
        for school in trust.schools:
            for year in years_of(trust, school):
                tables.add("calendar", columns.calendar(year))
            met += add_staff(tables, trust, school, met, waves, instruments)


if __name__ == "__main__":
    main()
