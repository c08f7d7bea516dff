"""The model by school, year group, date and phase: the same measures, and nothing that tells of one to four people."""

import json

import numpy as np
import pytest

from earlywarn.config import Places
from earlywarn.evaluate.breakdown import MEASURES, breakdowns
from earlywarn.evaluate.calibration import calibration_slope, observed_over_expected
from earlywarn.evaluate.compare import contest
from earlywarn.evaluate.measures import auc, average_precision
from earlywarn.evaluate.places import listing, precision_at_places, recall_at_places

SCHOOLS, PUPILS = 12, 150
N = SCHOOLS * PUPILS
PLACES = Places(count=20)


def trust(seed: int = 2) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    risk = random.beta(1.5, 4, N)
    school = np.arange(N) // PUPILS
    return {
        "outcome": random.random(N) < risk, "risk": risk * 100, "probability": risk, "school": school,
        "person": np.arange(N), "as_of": np.zeros(N),
    }  # fmt: skip


def groups(people: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    phase = np.where(people["school"] < 8, "primary", np.where(people["school"] < 11, "secondary", "special"))
    year = (np.arange(N) % 11 + 1).astype(str)
    return {"school": people["school"].astype(str), "year_group": year, "phase": phase}


def divide(people: dict[str, np.ndarray], **changed: object):
    everyone = {"everyone": np.ones(N, dtype=bool)}
    given = {"groups": groups(people), "populations": everyone, "places": PLACES} | changed
    return breakdowns(**people | given)


def rows_of(rows, group: str, population: str = "everyone"):
    return {r["measure"]: r for r in rows if (r["group"], r["population"]) == (group, population)}


def test_a_groups_measures_are_those_of_its_people_on_the_lists_that_all_share() -> None:
    people = trust()
    found = divide(people)
    listed = listing(people["risk"], people["school"], np.full(N, 20))
    for kind, labels in groups(people).items():
        for group in np.unique(labels):
            told, rows = rows_of(found[kind], group), labels == group
            y, p, on = people["outcome"][rows], people["probability"][rows], listed[rows]
            expected = {
                "auc": auc(y, p), "average_precision": average_precision(y, p), "recall": recall_at_places(y, on),
                "precision": precision_at_places(y, on), "calibration_slope": calibration_slope(y, p),
                "observed_over_expected": observed_over_expected(y, p),
            }  # fmt: skip
            assert set(told) == set(MEASURES)
            for name, value in expected.items():
                if told[name]["status"] == "ok":
                    assert told[name]["value"] == pytest.approx(value, abs=1e-6)
            assert (told["auc"]["n"], told["auc"]["positives"]) == (rows.sum(), y.sum())


def test_groups_are_in_order_and_say_what_their_intervals_leave_out() -> None:
    found = divide(trust())
    assert list(dict.fromkeys(row["group"] for row in found["year_group"])) == [str(year) for year in range(1, 12)]
    assert {row["leave_out"] for row in found["year_group"] if row["status"] == "ok"} == {"schools"}
    assert {row["leave_out"] for row in found["school"] if row["status"] == "ok"} == {"people"}
    assert all(row["low"] < row["value"] < row["high"] for row in found["school"] if row["measure"] == "auc")
    json.dumps(found, allow_nan=False)


def test_one_date_alone_has_the_measures_of_the_contest() -> None:
    people = trust()
    everyone = {"everyone": np.ones(N, dtype=bool)}
    model = contest(
        outcome=people["outcome"], risks={"model": people["risk"]}, probabilities={"model": people["probability"]},
        school=people["school"], person=people["person"], as_of=people["as_of"], populations=everyone, places=PLACES,
    ).as_dict()["measures"]["everyone"]["model"]  # fmt: skip
    for row in divide(people, groups={"as_of": np.full(N, "2025-11-10")})["as_of"]:
        assert row.items() >= model[row["measure"]].items()


def few_in(people: dict[str, np.ndarray], school: int, count: int) -> dict[str, np.ndarray]:
    """Return the trust with so many pupils with the outcome in one school."""
    outcome, rows = people["outcome"].copy(), np.flatnonzero(people["school"] == school)
    outcome[rows] = False
    outcome[rows[:count]] = True
    return people | {"outcome": outcome}


def hidden(rows, population: str = "everyone") -> set[str]:
    return {
        r["group"] for r in rows if (r["population"], r["status"], r["measure"]) == (population, "suppressed", "auc")
    }


def test_numbers_behind_one_to_four_people_are_never_shown_nor_told_by_a_total() -> None:
    found = divide(few_in(trust(), 2, 3))
    assert "2" in hidden(found["school"])
    assert len(hidden(found["school"])) == 2, "one alone could be taken from the total"
    assert hidden(found["school"]) < {str(school) for school in range(8)}, "or from that of its phase"
    assert not hidden(found["phase"]) | hidden(found["year_group"])
    assert all(row["n"] is row["positives"] is row["value"] is None for row in rows_of(found["school"], "2").values())


def test_a_phase_that_cannot_be_shown_hides_the_phases_and_few_schools() -> None:
    found = divide(few_in(trust(), 11, 2))
    assert hidden(found["phase"]) == {"primary", "secondary", "special"}
    assert "11" in hidden(found["school"])
    assert len(hidden(found["school"])) == 2


def test_who_is_hidden_on_a_list_is_hidden_among_everyone() -> None:
    people = few_in(trust(), 2, 40)
    onset = np.arange(N) % 3 > 0
    onset[np.flatnonzero(people["outcome"] & (people["school"] == 2))[3:]] = False
    populations = {"everyone": np.ones(N, dtype=bool), "onset": onset, "already": ~onset}
    found = divide(people, populations=populations)
    assert "2" in hidden(found["school"], "onset")
    assert hidden(found["school"], "onset") <= hidden(found["school"])


def test_small_numbers_on_a_list_hide_what_the_list_is_worth_and_no_more() -> None:
    people = trust()
    rows = np.flatnonzero(people["school"] == 4)
    best = rows[np.argsort(-people["risk"][rows])]
    outcome = people["outcome"].copy()
    outcome[best[:20]] = np.arange(20) >= 2  # 2 of 20 listed in vain
    found = rows_of(divide(people | {"outcome": outcome})["school"], "4")
    assert {name for name, row in found.items() if row["status"] == "suppressed"} == {"precision", "recall"}


def test_fewer_than_ten_with_the_outcome_are_not_estimable() -> None:
    told = rows_of(divide(few_in(trust(), 2, 9))["school"], "2")
    assert told["auc"]["status"] == "not estimable"
    assert (told["auc"]["n"], told["auc"]["positives"]) == (PUPILS, 9)


def test_a_population_of_nobody_has_no_rows() -> None:
    assert divide(trust(), populations={"already": np.zeros(N, dtype=bool)})["school"] == []
