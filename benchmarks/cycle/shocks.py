"""Six terms with a shock in the fourth, through what the commands run: what does the cycle say, term by term?

    python -m benchmarks.cycle.shocks FOLDER

In:  the same made-up trust of 20 schools and 8,000 pupils for each shock, and once without.
Out: a line of JSON in `results/cycle_shocks.jsonl` for every term.

A first version is trained before the first term and promoted. Then, each term, on its date and with what is known by
then: the model in use is watched on all dates since its training, a challenger is trained and compared, and promoted
if that is what is recommended. The shock begins with the school year of the fourth term; the three terms before it are
the same for all, and played once. Config as in `quiet`.
"""

import argparse
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

import yaml

from earlywarn.bundle.decisions import champion
from earlywarn.bundle.read import Bundle, read_version
from earlywarn.config import Config
from earlywarn.monitor.verdict import Verdict, verdict
from earlywarn.monitor.watch import Watched, dates_to_watch, watch
from earlywarn.paths import shipped_instruments
from earlywarn.progress import be_quiet
from earlywarn.run import promote, retrain
from earlywarn.run.opening import config_of, instruments_of, opened
from earlywarn.run.retraining import Folders, RetrainRun
from earlywarn.simulate import Plan, simulate
from earlywarn.simulate.calendar import last_day
from earlywarn.surveys.instrument import load_instruments
from earlywarn.terms import as_of_dates, trust_calendar

from ..lines import keep, rows_of
from ..models.recipes import RESULTS
from .quiet import TERMS, Row, figures, termly_config

FOUND = RESULTS / "cycle_shocks.jsonl"
QUIET = "quiet"
SCENARIOS = (QUIET, "changed-item", "coding-habits", "drift")
SEED, SHOCK = 1301, 4  # the shock: its term
FIRST = 9  # of the dates: nine go before the six terms, the first three of them as history


@dataclass(frozen=True)
class Place:
    """Where a trust's data and models lie."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def kept(self) -> Folders:
        return Folders(*(self.folder / name for name in ("models", "private", "mlruns", "decision")))

    def config(self, today: date) -> Path:
        """Write the config of a day, so that nothing later is known."""
        path = self.folder / f"{today}.yaml"
        said = termly_config().model_copy(update={"data_to": today}).model_dump(mode="json", exclude_defaults=True)
        path.write_text(yaml.safe_dump(said, sort_keys=False), encoding="utf-8")
        return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where data and models are kept meanwhile")
    folder = parser.parse_args().folder
    be_quiet()
    done = {row["scenario"] for row in rows_of(FOUND)}
    for scenario in (one for one in SCENARIOS if one not in done):
        keep(list(terms_of(scenario, Place(folder / scenario), folder / "three-terms")), FOUND)


def terms_of(scenario: str, place: Place, three_terms: Path) -> Iterator[Row]:
    """Yield what the cycle said in each term; the models of the terms before the shock are kept and taken over."""
    plan = Plan(
        schools=20, pupils=8000, years=5, current_weeks=0, seed=SEED, scenario="" if scenario == QUIET else scenario
    )
    simulate(plan, place.data)
    before, *terms = _dates(place, last_day(plan).astype(object))[FIRST - 1 :]
    if scenario == QUIET:
        _follow(retrain(place.config(before), place.data, place.kept), place, before)
    else:
        shutil.copytree(three_terms, place.kept.models)
    for term, today in enumerate(terms, start=1):
        if scenario == QUIET or term >= SHOCK:
            yield {"scenario": scenario, "term": term} | _term(place, today)
        if (scenario, term) == (QUIET, SHOCK - 1):
            shutil.copytree(place.kept.models, three_terms)


def _term(place: Place, today: date) -> Row:
    """Watch the model in use, train a challenger, and do as recommended."""
    began, name = perf_counter(), termly_config().name
    in_use = champion(place.kept.models, name)
    assert in_use is not None  # the first version was promoted
    watched, said = monitored(read_version(place.kept.models, name, in_use), place, today)
    advised = retrain(place.config(today), place.data, place.kept)
    _follow(advised, place, today)
    print(f"{place.folder.name} {today}: {said.level}; {advised.says}; {perf_counter() - began:.0f} s", flush=True)
    return {
        "in_use": in_use,
        "level": said.level,
        "reasons": [reason.says for reason in said.reasons],
        "watched": [figures(one) for one in watched],
        "advice": advised.says,
        "because": advised.reasons,
        "challenger": advised.challenger,
    }


def _dates(place: Place, today: date) -> Sequence[date]:
    config = termly_config().model_copy(update={"data_to": today})
    with opened(place.data, config, load_instruments(shipped_instruments()), place.kept.private) as sources:
        return as_of_dates(TERMS, trust_calendar(sources.calendars), today)


def monitored(bundle: Bundle, place: Place, today: date) -> tuple[list[Watched], Verdict]:
    """Watch a model on all dates since its training, knowing what is known today."""
    config: Config = config_of(bundle).model_copy(update={"data_to": today})
    with opened(place.data, config, instruments_of(bundle), place.kept.private) as sources:
        watched = [watch(bundle, sources, day) for day in dates_to_watch(bundle, sources)]
    return watched, verdict(bundle, watched)


def _follow(advised: RetrainRun, place: Place, today: date) -> None:
    """Do what is recommended."""
    if advised.says == "promote" and advised.challenger is not None:
        name, kept = termly_config().name, place.kept
        promote(name, advised.challenger, "a replay", "recommended", "", today, kept.models, kept.mlruns)


if __name__ == "__main__":
    main()
