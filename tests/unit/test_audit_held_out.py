"""The audits of a small made-up trust: of the tested model, and of the kept one a year later, on its new dates."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from earlywarn import run
from earlywarn.audit.audit import Audit, to_frame
from earlywarn.audit.held_out import NewDates, audit_new_dates, audit_on_test
from earlywarn.audit.rows import Key
from earlywarn.config import AsOf, Config, Fairness, Limit, ModelSettings, Outcome, Places
from earlywarn.errors import LeakageError
from earlywarn.evaluate.held_out import contest_on_test
from earlywarn.features.gather import Sources
from earlywarn.model.examples import gather_examples, load_sources, plan
from earlywarn.model.train import train
from earlywarn.paths import shipped_instruments
from earlywarn.simulate import Plan
from earlywarn.surveys.instrument import load_instruments
from earlywarn.tables.store import open_store

SCHOOLS = 6
MOST_MISSED = Limit(group_by="pupil_premium", group="yes", list="everyone", at_most=0.9)
OF_PUPILS = Fairness(
    groups=("phase", "school_id", "pupil_premium"),
    intersections=(("phase", "pupil_premium"),),
    places=Places(share=0.1, at_least=5),
    limits=(MOST_MISSED,),
)
PUPILS: Mapping[str, Any] = {
    "name": "pupil-absence",
    "as_of": AsOf(weeks_of_year=(10,)),
    "model": ModelSettings(trials=1, seed=1),
    "history": "none",
    "fairness": OF_PUPILS,
}
STAFF: Mapping[str, Any] = PUPILS | {
    "name": "staff-resignation",
    "population": "staff",
    "as_of": AsOf(weeks_of_year=(10, 20)),
    "outcome": Outcome(kind="leaves", window="rest_of_year"),
    "fairness": Fairness(groups=("role", "contract", "age_band", "sex", "part_time"), intersections=()),
}


@dataclass(frozen=True)
class Audited:
    """The audit of the training's test dates, and that of the dates since."""

    tested: Audit
    later: NewDates
    fitted_on: tuple[date, ...]


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run.simulate(Plan(schools=SCHOOLS, pupils=1200, seed=5), tmp_path_factory.mktemp("trust")).folder


@contextmanager
def opened(data: Path, config: Config) -> Iterator[Sources]:
    instruments = load_instruments(shipped_instruments())
    with open_store(data, private=data.parent / "private", config=config, instruments=instruments) as store:
        yield load_sources(store, config)


def audited(data: Path, said: Mapping[str, Any]) -> Audited:
    """Train when two school years had closed, audit, and audit again when the third has."""
    with opened(data, Config(**said, data_to=date(2025, 10, 24))) as sources:
        planned, closes = plan(sources)
        examples = gather_examples(sources, planned, data.parent / "private")
        trained = train(examples, sources.config, closes, None, lambda number, loss: None)
        contest = contest_on_test(examples, trained, (), sources.config)
        tested = audit_on_test(sources, examples, trained, (), contest)
    with opened(data, Config(**said)) as sources:
        later = audit_new_dates(sources, trained.kept, trained.recipe.features, planned.kept)
        with pytest.raises(LeakageError, match="cannot be judged on what it learnt from"):
            audit_new_dates(sources, trained.kept, trained.recipe.features, later.dates)
    return Audited(tested, later, planned.kept)


@pytest.fixture(scope="module")
def of_pupils(trust: Path) -> Audited:
    return audited(trust, PUPILS)


def people_in(audit: Audit, group_by: str) -> "pd.Series[int]":
    """Return how many rows of everyone each group has."""
    rows = to_frame(audit)
    here = (rows["group_by"] == group_by) & (rows["population"] == "everyone") & (rows["measure"] == "base_rate")
    return rows[here & (rows["contender"] == "model")].set_index("group")["n"]


@pytest.mark.parametrize("which", ["tested", "later"])
def test_phase_school_and_a_pair_of_them_are_audited(of_pupils: Audited, trust: Path, which: str) -> None:
    audit = of_pupils.later.audit if which == "later" else of_pupils.tested
    phase_of = pd.read_csv(trust / "schools.csv", dtype=str).set_index("school_id")["phase"]
    schools, phases = people_in(audit, "school_id"), people_in(audit, "phase")
    assert len(schools) == SCHOOLS
    assert schools.groupby(phase_of).sum().to_dict() == phases.to_dict()
    pairs = people_in(audit, "phase × pupil_premium")
    assert pairs.groupby(pairs.index.str.split(" × ").str[0]).sum().to_dict() == phases.to_dict()
    assert not [note for note in audit.notes if "do not hold it" in note]


def test_only_dates_after_those_it_was_fitted_on_are_audited(of_pupils: Audited) -> None:
    assert of_pupils.later.dates
    assert min(of_pupils.later.dates) > max(of_pupils.fitted_on)


def test_the_audit_of_new_dates_says_what_stands_behind_the_gaps_and_why(of_pupils: Audited) -> None:
    audit = of_pupils.later.audit
    parts = audit.parts
    assert {each.at for each in parts.details if each.kind == "date"} == set(map(str, of_pupils.later.dates))
    assert {each.kind for each in parts.details} == {"length", "date", "risk", "schools"}
    gaps = {gap.key: gap for gap in audit.gaps}
    explained = [each for each in parts.why if each.key.measure == "recall" and each.value is not None]
    assert explained
    for key in {each.key for each in explained}:
        added_up = sum(each.value or 0 for each in explained if each.key == key and each.part != "silence")
        assert added_up == pytest.approx(gaps[key].value)
    assert "characteristics" not in {each.theme for each in parts.carriers}, "the model does not see them"


def test_the_audit_of_new_dates_holds_the_model_to_its_limits(of_pupils: Audited) -> None:
    audit = of_pupils.later.audit
    (limit,) = audit.parts.limits
    gap = next(gap for gap in audit.gaps if gap.key == Key("everyone", "pupil_premium", "yes", "model", "recall"))
    assert gap.value is not None
    assert limit.verdict == "met"
    assert limit.value == pytest.approx(-gap.value)
    assert limit.words in audit.reading


def test_staff_are_audited_by_what_is_known_of_staff(trust: Path) -> None:
    audit = audited(trust, STAFF).later.audit
    groups = {group_by: set(people_in(audit, group_by).index) for group_by in STAFF["fairness"].groups}
    assert not any("do not hold it" in note for note in audit.notes)
    assert groups["part_time"] == {"yes", "no"}
    assert groups["contract"] == {"permanent"}
    assert {"teacher", "teaching assistant"} <= groups["role"]
    assert {"F", "M"} <= groups["sex"]
    assert len(groups["age_band"]) > 3
