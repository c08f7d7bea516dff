"""Two versions on the same people: paired gains, for whom, who comes and goes, and nobody recognised."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from earlywarn.bundle.read import Bundle
from earlywarn.config import Fairness, Places
from earlywarn.disclosure import is_small
from earlywarn.evaluate.intervals import Gain
from earlywarn.retrain.comparison import Pair, Said, compared
from earlywarn.retrain.moves import counted, moves, private_rows
from earlywarn.retrain.where import labels_of_groups, shown, where

FAIRNESS = Fairness(groups=("pupil_premium", "sen", "any_sen"))
SCHOOLS, EACH = 12, 150
DATES = (date(2025, 11, 10), date(2026, 2, 2))


def pair(worse_for: str = "", seed: int = 1, noise: float = 0.3) -> Pair:
    """Return two versions that rank alike but for chance, or of which the challenger is blind to a SEN group."""
    rng = np.random.default_rng(seed)
    n = SCHOOLS * EACH
    people = pd.DataFrame(
        {
            "person_id": [f"P{number:04}" for number in range(n)],
            "school_id": np.repeat([f"90{school:04}" for school in range(SCHOOLS)], EACH),
            "pupil_premium": rng.random(n) < 0.3,
            "sen": rng.choice(["N", "K", "E"], n, p=[0.6, 0.3, 0.1]),
        }
    )
    people = pd.concat([people.assign(as_of=pd.Timestamp(day)) for day in DATES], ignore_index=True)
    danger = rng.standard_normal(2 * n)
    outcome = danger + 0.5 * rng.standard_normal(2 * n) > 1
    ours, theirs = (danger + noise * rng.standard_normal(2 * n) for _ in range(2))
    ours = np.where(people["sen"] == worse_for, rng.standard_normal(2 * n), ours)
    rows: dict[str, Any] = {
        "outcome": outcome,
        "school": people["school_id"].to_numpy(str),
        "person": people["person_id"].to_numpy(str),
        "as_of": people["as_of"].to_numpy(),
        "populations": {"everyone": np.ones(2 * n, bool), "onset": danger < 1, "already": danger >= 1},
        "places": Places(share=0.1),
    }
    return Pair(DATES, people, rows, *(Said(raw, 1 / (1 + np.exp(-raw))) for raw in (ours, theirs)))


def bundle(rows: list[dict[str, str]] | None = None) -> Bundle:
    """Return what is read of the challenger: what its own papers hide."""
    return cast(Bundle, SimpleNamespace(audit={"rows": rows or []}, metrics={}))


def test_equal_models_gain_nothing_and_list_the_same_people() -> None:
    one = pair()
    found = compared(replace(one, champion=one.challenger))
    assert found["gains"]["everyone"]["auc"]["value"] == 0
    assert found["overlap"]["everyone"]["value"] == 1
    assert found["leave_out"] == "schools"


def test_a_better_model_is_shown_to_gain() -> None:
    one = pair(noise=1.0)
    better = replace(one, challenger=pair(noise=0.1).challenger)
    assert compared(better)["gains"]["everyone"]["auc"]["claimed"]


def test_a_group_that_is_found_less_often_is_named() -> None:
    one = pair(worse_for="K")
    rows = where(one, labels_of_groups(one, FAIRNESS), bundle())
    assert {(row["kind"], row["group"]) for row in rows if row["shown"] == "worse"} >= {
        ("sen", "K"),
        ("any_sen", "yes"),
    }
    assert ("sen", "N") not in {(row["kind"], row["group"]) for row in rows if row["shown"] == "worse"}


@pytest.mark.parametrize("seed", range(3))
def test_chance_alone_names_no_group(seed: int) -> None:
    one = pair(seed=seed)
    rows = where(one, labels_of_groups(one, FAIRNESS), bundle())
    assert not [row for row in rows if row["shown"] == "worse" and row["kind"] != "school_id"]


def test_an_interval_that_allows_for_many_groups_is_wider() -> None:
    almost = Gain(-0.06, -0.11, -0.01, 0.07)
    assert (shown(almost, 40, 1), shown(almost, 40, 20)) == ("worse", "")


def test_what_the_challengers_own_papers_hide_is_hidden_here() -> None:
    one = pair()
    hidden = {"population": "everyone", "group_by": "sen", "group": "E", "contender": "model", "status": "suppressed"}
    rows = where(one, labels_of_groups(one, FAIRNESS), bundle([hidden]))
    of_sen = {row["group"]: row["status"] for row in rows if row["kind"] == "sen"}
    assert of_sen["E"] == "suppressed"
    assert list(of_sen.values()).count("suppressed") >= 2  # one alone could be taken from the total


def test_who_comes_and_goes_is_counted_by_school_and_group() -> None:
    one = pair().on(DATES[1])
    moved = moves(one)
    found = counted(moved, labels_of_groups(one, FAIRNESS))
    assert found["all"]["new"] == (moved["change"] == "new").sum() > 0
    kinds = {row["kind"] for row in found["rows"]}
    assert kinds == {"pupil_premium", "sen", "any_sen", "school_id"}


def test_no_small_number_of_people_is_shown() -> None:
    one = pair(noise=0.05).on(DATES[1])
    found = counted(moves(one), labels_of_groups(one, FAIRNESS))
    numbers = [row[name] for row in found["rows"] for name in ("new", "gone", "stays")]
    assert not [number for number in numbers if number != "c" and is_small(number)]


def test_the_private_file_names_who_is_new_and_who_is_gone() -> None:
    one = pair().on(DATES[1])
    rows = private_rows(moves(one))
    assert set(rows.columns) == {"person_id", "school_id", "as_of", "list", "change"}
    assert set(rows["change"]) == {"new", "gone"}
    assert not rows.duplicated(["person_id", "list"]).any()


def test_a_spreadsheet_runs_nothing_from_the_private_file(tmp_path: Path) -> None:
    one = pair().on(DATES[1])
    rows = private_rows(moves(one).assign(person_id="=1+1"))
    assert not rows["person_id"].str.startswith("=").any()
