"""The truth is told of those who get a label on the written tables, and what happens agrees with it."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from earlywarn.cohort import KEY, cohorts
from earlywarn.config import Config
from earlywarn.errors import ConfigError
from earlywarn.labels import find_labels
from earlywarn.model.examples import closed_dates, load_sources
from earlywarn.paths import shipped_instruments
from earlywarn.simulate import Plan, futures, simulate
from earlywarn.simulate.schools import School
from earlywarn.simulate.trust import Trust, make_trust, years_of
from earlywarn.simulate.truth import truth_of
from earlywarn.surveys.instrument import load_instruments
from earlywarn.tables.store import Store, check_folder, open_store
from earlywarn.terms import as_of_dates, trust_calendar

INSTRUMENTS = load_instruments(shipped_instruments())
SMALL = Plan(schools=5, pupils=450, years=2, current_weeks=12, seed=11)


def config(name: str = "truth-test", population: str = "pupils", **sections: Any) -> Config:
    as_of = sections.pop("as_of", {"weeks_of_year": [10, 20]})
    return Config.model_validate({"name": name, "population": population, "as_of": as_of, **sections})


ABSENT = config()
RESIGNS = config("staff-truth", "staff", outcome={"kind": "leaves"}, as_of={"weeks_of_year": [5, 15]})


@pytest.fixture(scope="module", autouse=True)
def few_futures() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(futures, "DRAWS", 100)  # a standard error of 0.05 is enough here
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(SMALL, tmp_path_factory.mktemp("truth") / "trust", ABSENT).folder


@pytest.fixture(scope="module")
def store(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(folder, private=tmp_path_factory.mktemp("private"), instruments=INSTRUMENTS) as found:
        yield found


@pytest.fixture(scope="module")
def trust() -> Trust:
    return make_trust(SMALL)


@pytest.fixture(scope="module")
def absent(trust: Trust) -> pd.DataFrame:
    return told(trust, ABSENT)


def told(trust: Trust, asked: Config) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "person_id": one.person_id,
                "school_id": one.school.school_id,
                "as_of": pd.to_datetime(one.as_of),
                "probability": one.probability,
            }
        )
        for one in truth_of(trust, asked)
    ]
    return pd.concat(parts, ignore_index=True)


def labelled(store: Store, asked: Config) -> pd.DataFrame:
    """Return the rows that training would find a label for, of all dates whose windows have closed."""
    sources = load_sources(store, asked)
    people = cohorts(store, asked, closed_dates(sources))
    tomorrow = store.today + timedelta(days=1)
    labels = find_labels(store, sources.register, sources.calendars, asked, people, tomorrow)
    rows: pd.DataFrame = people[list(KEY)].assign(outcome=labels.outcome)[labels.known]
    return rows


def both(store: Store, truth: pd.DataFrame, asked: Config) -> pd.DataFrame:
    """Return truth and label side by side, once they are seen to be of the same people and dates."""
    labels = labelled(store, asked)
    truth = truth[truth["as_of"].isin(labels["as_of"])]
    joined = truth.merge(labels, on=list(KEY), how="outer", validate="one_to_one")
    assert len(joined) == len(truth) == len(labels) > 0
    return joined


@pytest.mark.parametrize(
    ("asked", "off"),
    [
        (ABSENT, 0.05),
        (config(outcome={"window": "next_term"}, as_of={"weeks_of_year": [38]}), 0.09),  # over the summer
        (config(outcome={"window": "weeks", "weeks": 2, "lead_weeks": 3}, as_of={"weeks_of_year": [1, 12]}), 0.07),
        (config(outcome={"label": "year_total"}, as_of={"weeks_of_year": [30]}, year_groups=[6, 11]), 0.08),
        (RESIGNS, 0.07),
    ],
    ids=["rest-of-year", "next-term", "weeks", "year-total", "staff"],
)
def test_who_gets_a_label_has_a_truth_that_agrees_on_average(
    store: Store, trust: Trust, asked: Config, off: float
) -> None:
    rows = both(store, told(trust, asked), asked)
    assert rows["probability"].between(0, 1).all()
    assert rows["probability"].mean() == pytest.approx(rows["outcome"].mean(), abs=off)


def test_of_those_with_a_probability_as_many_have_the_outcome(store: Store, absent: pd.DataFrame) -> None:
    rows = both(store, absent, ABSENT).sort_values("probability", kind="stable")
    for fifth in np.array_split(np.arange(len(rows)), 5):
        here = rows.iloc[fifth]
        assert here["probability"].mean() == pytest.approx(here["outcome"].mean(), abs=0.11)


def test_the_dates_are_those_of_training_and_the_ones_that_are_still_open(store: Store, absent: pd.DataFrame) -> None:
    sources = load_sources(store, ABSENT)
    dates = as_of_dates(ABSENT.as_of, trust_calendar(sources.calendars), store.today)
    assert set(absent["as_of"].dt.date) == set(dates)
    assert set(closed_dates(sources)) < set(dates)


def test_late_in_the_year_the_whole_years_rate_is_all_but_settled(store: Store, trust: Trust) -> None:
    near_the_end = config(outcome={"label": "year_total"}, as_of={"weeks_of_year": [37]})
    rows = both(store, told(trust, near_the_end), near_the_end)
    certain = rows["probability"].isin([0.0, 1.0])
    assert certain.mean() > 0.7
    assert (rows["probability"] == rows["outcome"])[certain].mean() > 0.98


def test_a_spell_that_goes_on_is_known(store: Store, trust: Trust) -> None:
    this_week = config(outcome={"window": "weeks", "weeks": 1}, as_of={"weeks_of_year": [9, 19, 24]})
    rows = both(store, told(trust, this_week), this_week)
    sure = rows[rows["probability"] == 1.0]
    assert len(sure) > 10
    assert sure["outcome"].mean() > 0.97
    assert rows["probability"].mean() == pytest.approx(rows["outcome"].mean(), abs=0.05)


def test_the_file_says_what_is_told_in_memory(folder: Path, absent: pd.DataFrame) -> None:
    with (folder / "truth" / "truth-test.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [row["person_id"] for row in written] == absent["person_id"].tolist()
    assert [row["as_of"] for row in written] == absent["as_of"].dt.strftime("%Y-%m-%d").tolist()
    assert [row["probability"] for row in written] == [f"{one:.4f}" for one in absent["probability"]]


def test_the_tables_are_those_written_without_the_truth(folder: Path, tmp_path: Path) -> None:
    plain = simulate(SMALL, tmp_path / "plain").folder
    names = {path.name for path in plain.iterdir()}
    assert {path.name for path in folder.iterdir()} == names | {"truth"}
    assert all((plain / name).read_bytes() == (folder / name).read_bytes() for name in names)


def test_nothing_reads_the_truth(folder: Path, tmp_path: Path) -> None:
    summary, findings = check_folder(folder, tmp_path, INSTRUMENTS)
    assert not any(finding.effect == "stops" for finding in findings)
    assert not any("truth" in str(table) for table in (*summary, *findings))


@pytest.mark.parametrize(
    "asked",
    [
        config(outcome={"kind": "recorded", "recorded": "exam"}),
        config("staff-recorded", "staff", outcome={"kind": "recorded", "recorded": "exam"}),
        config(as_of={"dates": [date(2019, 11, 4)]}),
    ],
    ids=["pupils", "staff", "other-years"],
)
def test_what_cannot_be_told_is_refused_before_anything_is_written(asked: Config, tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        simulate(SMALL, tmp_path / "trust", asked)
    assert not list(tmp_path.iterdir())


def spread_between(school: School, trust: Trust, week: int, wave: int) -> NDArray[np.float32]:
    """Return how far engagement at a wave of the second year differs between two futures from a week on."""
    hidden = list(years_of(trust, school))[1].hidden
    one, other = (hidden.ahead(week, np.random.default_rng(seed)).engaged[:, wave] for seed in (1, 2))
    difference: NDArray[np.float32] = np.abs(one - other)
    return difference


def test_a_wave_that_has_closed_is_known_before_it_acts() -> None:
    slow = make_trust(Plan(schools=2, pupils=200, years=2, current_weeks=0, effect_lead_weeks=10))
    autumn = 3 + 1  # waves close in weeks 5, 18 and 30
    assert (spread_between(slow.schools[0], slow, 6, autumn) == 0).all()  # places of weeks count from 0
    assert (spread_between(slow.schools[0], slow, 3, autumn) > 0).all()
