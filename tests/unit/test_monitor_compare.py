"""What changed is an alarm, of the right thing and school; what did not change is none."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from earlywarn.bundle.reference import ItemAnswers, Reference, Snapshot, WaveAnswers
from earlywarn.monitor.compare import compare, same_place
from earlywarn.monitor.reading import Reading

ITEMS = ("i1", "i2", "i3", "i4")
SCHOOLS = tuple(f"s{number}" for number in range(8))


def wave(year: int, seed: int, **items: float) -> WaveAnswers:
    """Return a wave whose items are answered 6 out of 10, near enough; `items` says otherwise of some."""
    draw = np.random.default_rng(seed)
    answered = [
        ItemAnswers(
            item=name,
            n=900,
            mean=items.get(name, 6.0) + float(draw.normal(0, 0.05)),
            spread=2.5,
            shares=(0.1, 0.2, 0.2, 0.3, 0.2),
        )
        for name in ITEMS
    ]
    response = {school: 0.7 + float(draw.normal(0, 0.02)) for school in SCHOOLS}
    return WaveAnswers(
        instrument="pulse", closes_on=date(year, 10, 10), asked=1300, responded=0.7, response=response,
        items=tuple(answered),
    )  # fmt: skip


def snapshot(year: int, seed: int, **changed: Any) -> Snapshot:
    draw = np.random.default_rng(seed)
    codes = {}
    for school in SCHOOLS:
        ill = 0.55 + float(draw.normal(0, 0.02))
        codes[school] = {"I": ill, "O": 0.2, "other": 0.8 - ill}
    said: dict[str, Any] = {
        "as_of": date(year, 11, 4),
        "place": 10,
        "people": 2000,
        "features": {"rate": (0.25, 0.25, 0.24, 0.26, 0.0)},
        "scatter": {"rate": 0.04},
        "scores": (0.5, 0.5, 0.0),
        "mean_risk": 0.2,
        "codes": codes,
        "code_errors": {school: dict.fromkeys(used, 0.005) for school, used in codes.items()},
        "waves": (wave(year, seed),),
    }
    return Snapshot(**(said | changed))


REFERENCE = Reference(
    edges={"rate": (0.0, 0.1, 0.2)},
    score_edges=(0.2,),
    dates=(snapshot(2023, 1), snapshot(2024, 2), snapshot(2024, 3, place=20, mean_risk=0.9)),
    tested=(),
)


def alarms(now: Snapshot) -> list[Reading]:
    return [reading for reading in compare(REFERENCE, now) if reading.alarm]


def test_a_quiet_year_raises_no_alarm() -> None:
    assert alarms(snapshot(2025, 9)) == []


def test_a_date_is_held_against_the_same_place_in_the_year_alone() -> None:
    assert [each.as_of.year for each in same_place(REFERENCE, 11)] == [2023, 2024]
    assert [each.place for each in same_place(REFERENCE, 19)] == [20]


def test_a_question_that_was_worded_anew_is_named_and_the_others_are_not() -> None:
    found = alarms(snapshot(2025, 9, waves=(wave(2025, 9, i3=4.5),)))
    assert [reading.name for reading in found] == ["pulse i3"]
    assert found[0].moved == pytest.approx(-0.6, abs=0.1)


def test_a_questionnaire_answered_lower_all_over_is_one_alarm_and_no_question_of_it_is() -> None:
    lower = dict.fromkeys(ITEMS, 5.0)
    assert [reading.kind for reading in alarms(snapshot(2025, 9, waves=(wave(2025, 9, **lower),)))] == ["answers"]


def test_a_question_that_is_not_asked_any_more_and_one_that_is_new_are_told() -> None:
    asked = wave(2025, 9)
    renamed = tuple(item.model_copy(update={"item": "i5"}) if item.item == "i4" else item for item in asked.items)
    found = alarms(snapshot(2025, 9, waves=(asked.model_copy(update={"items": renamed}),)))
    assert {(one.name, one.now is None, one.before is None) for one in found} == {
        ("pulse i4", True, False),
        ("pulse i5", False, True),
    }


def test_a_school_that_records_illness_otherwise_is_named_with_its_codes() -> None:
    codes = snapshot(2025, 9).codes | {"s3": {"I": 0.28, "O": 0.47, "other": 0.25}}
    found = alarms(snapshot(2025, 9, codes=codes))
    assert {(reading.school, reading.name) for reading in found} == {("s3", "I"), ("s3", "O")}


def test_a_school_of_few_pupils_is_held_to_what_chance_allows() -> None:
    codes = snapshot(2025, 9).codes | {"s3": {"I": 0.28, "O": 0.47, "other": 0.25}}
    few = {school: dict.fromkeys(used, 0.07 if school == "s3" else 0.005) for school, used in codes.items()}
    assert alarms(snapshot(2025, 9, codes=codes, code_errors=few)) == []


def test_an_illness_that_all_schools_share_is_no_habit_of_one() -> None:
    codes = {school: {"I": 0.75, "O": 0.2, "other": 0.05} for school in SCHOOLS}
    assert alarms(snapshot(2025, 9, codes=codes)) == []


def part_time(c: float, c2: float) -> dict[str, dict[str, float]]:
    """Return how schools use their codes, where one of them has many pupils on part-time timetables."""
    usual = snapshot(2025, 9).codes
    return usual | {"s3": {"I": 0.3, "C": c, "other": 0.7 - c - c2} | ({"C2": c2} if c2 else {})}


def test_a_code_that_the_law_split_is_no_habit_of_a_school() -> None:
    before_the_law = REFERENCE.model_copy(update={"dates": (snapshot(2023, 1, codes=part_time(0.32, 0.0)),)})
    assert not any(one.alarm for one in compare(before_the_law, snapshot(2025, 9, codes=part_time(0.09, 0.23))))
    since = REFERENCE.model_copy(update={"dates": (snapshot(2024, 1, codes=part_time(0.32, 0.0)),)})
    found = [one for one in compare(since, snapshot(2025, 9, codes=part_time(0.09, 0.23))) if one.alarm]
    assert {(one.school, one.name) for one in found} == {("s3", "C"), ("s3", "C2")}


def test_fewer_answers_are_told_of_the_trust_and_of_a_school() -> None:
    asked = wave(2025, 9).model_copy(update={"responded": 0.55})
    assert [(one.kind, one.school) for one in alarms(snapshot(2025, 9, waves=(asked,)))] == [("response", "")]
    silent = wave(2025, 9).model_copy(update={"response": wave(2025, 9).response | {"s5": 0.2}})
    assert [(one.kind, one.school) for one in alarms(snapshot(2025, 9, waves=(silent,)))] == [("response", "s5")]


def test_a_feature_that_moved_is_an_alarm_unless_years_differ_as_much() -> None:
    moved = {"rate": (0.05, 0.15, 0.3, 0.5, 0.0)}
    assert [one.name for one in alarms(snapshot(2025, 9, features=moved))] == ["rate"]
    restless = REFERENCE.model_copy(
        update={"dates": (snapshot(2023, 1, features={"rate": (0.5, 0.3, 0.15, 0.05, 0.0)}), snapshot(2024, 2))}
    )
    assert not any(one.alarm for one in compare(restless, snapshot(2025, 9, features=moved)) if one.kind == "feature")


def test_a_school_that_the_training_did_not_have_is_held_against_nothing() -> None:
    codes = snapshot(2025, 9).codes | {"new": {"I": 0.0, "O": 1.0}}
    assert alarms(snapshot(2025, 9, codes=codes)) == []


def test_a_day_of_snow_is_no_drift() -> None:
    """Sessions so far are the same for a whole school: one day fewer moves everyone, and means nothing."""
    before = snapshot(2024, 2, features={"year_still_to_come": (1.0, 0.0)})
    reference = REFERENCE.model_copy(update={"dates": (before,)})
    now = snapshot(2025, 9, features={"year_still_to_come": (0.0, 1.0)})
    assert [one for one in compare(reference, now) if one.kind == "feature"] == []
