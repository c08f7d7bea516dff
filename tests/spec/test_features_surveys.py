"""What the features of surveys mean."""

from datetime import date
from math import nan
from pathlib import Path

import pytest

from earlywarn.surveys.instrument import Instrument, Item, Scale
from text_school import features, marks, pupils, school

AS_OF = date(2024, 10, 7)
FEELINGS = Instrument(
    name="feelings",
    audience="pupil",
    title="How school feels",
    source="made up for tests",
    answers=(1, 5),
    scales=(
        Scale(name="calm", domain="school", label="calm", high_means="feels calm", risk=-1),
        Scale(name="friends", domain="peers", label="friends", high_means="has friends", risk=-1),
    ),
    items=(
        Item(id="calm_a", scale="calm", wording="I feel calm."),
        Item(id="calm_b", scale="calm", wording="I worry.", reversed=True),
        Item(id="calm_c", scale="calm", wording="I sleep well."),
        Item(id="friend", scale="friends", wording="I have a friend here."),
    ),
)
WAVES = """\
wave_id,instrument,audience,opens_on,closes_on
one,feelings,pupil,2024-09-09,2024-09-15
two,feelings,pupil,2024-09-30,2024-10-06
"""
ROLL = pupils("""
    ann  100001  5  2023-09-04
    ben  100001  5  2023-09-04
    cat  100001  6  2024-09-23
""")
REGISTER = marks("""
    ann  100001  2024-09-30  // // // // //
    ben  100001  2024-09-30  // // // // //
""")


def answers(text: str) -> str:
    """Return the table of lines like `two ann calm_a=5 friend=1`."""
    rows = ["wave_id,person_id,item,answer"]
    for line in text.strip().splitlines():
        wave, who, *given = line.split()
        rows += [f"{wave},{who},{answer.replace('=', ',')}" for answer in given]
    return "\n".join(rows) + "\n"


def told(
    folder: Path, text: str, as_of: date = AS_OF, *, waves: str = WAVES, form: Instrument = FEELINGS, **more: Instrument
) -> dict[str, dict[str, float]]:
    with school(
        folder,
        pupils=ROLL,
        attendance=REGISTER,
        waves=waves,
        responses=answers(text),
        instruments={"feelings": form, **more},
    ) as sources:
        return features(sources, as_of).to_dict()


def test_a_score_is_out_of_ten_with_reversed_items_turned_round(tmp_path: Path) -> None:
    found = told(tmp_path, """
        two  ann  calm_a=5  calm_b=1  calm_c=5  friend=1
        two  ben  calm_a=1  calm_b=5  calm_c=3  friend=3
    """)  # fmt: skip
    assert found["pupil_calm"] == pytest.approx({"ann": 10, "ben": 10 / 6, "cat": nan}, nan_ok=True)
    assert found["pupil_friends"] == pytest.approx({"ann": 0, "ben": 5, "cat": nan}, nan_ok=True)


def test_a_scale_is_scored_where_half_of_it_was_answered(tmp_path: Path) -> None:
    found = told(tmp_path, """
        two  ann  calm_a=5  calm_b=  calm_c=3
        two  ben  calm_a=5  friend=5
    """)  # fmt: skip
    assert found["pupil_calm"] == pytest.approx({"ann": 7.5, "ben": nan, "cat": nan}, nan_ok=True)


def test_a_change_is_told_on_the_questions_that_were_answered_both_times(tmp_path: Path) -> None:
    """Calm_c was not asked in the first wave: ann is as calm as before, though her new answer is low."""
    found = told(tmp_path, """
        one  ann  calm_a=5  calm_b=1             friend=5
        one  ben  calm_a=1  calm_b=5             friend=5
        two  ann  calm_a=5  calm_b=1  calm_c=1   friend=3
        two  ben  calm_a=5  calm_b=1  calm_c=1
    """)  # fmt: skip
    assert found["pupil_calm_change"] == pytest.approx({"ann": 0, "ben": 10, "cat": nan}, nan_ok=True)
    assert found["pupil_friends_change"] == pytest.approx({"ann": -5, "ben": nan, "cat": nan}, nan_ok=True)


def test_a_question_in_other_words_is_another_question(tmp_path: Path) -> None:
    """One calm question of three was the same in both waves: under half, so no change is told; friends is compared."""
    reworded = {"calm_b": {"until": date(2024, 9, 20)}, "calm_c": {"since": date(2024, 9, 21)}}
    items = tuple(item.model_copy(update=reworded.get(item.id, {})) for item in FEELINGS.items)
    more = (Item(id="calm_d", scale="calm", wording="I rest.", since=date(2024, 9, 21)),)
    form = FEELINGS.model_copy(update={"items": items + more})
    text = """
        one  ann  calm_a=5  calm_b=1                      friend=5
        two  ann  calm_a=5  calm_b=5  calm_c=5  calm_d=5  friend=3
    """
    found = told(tmp_path, text, form=form)
    assert found["pupil_calm"]["ann"] == 10  # calm_b was no longer asked: an answer to it counts for nothing
    assert found["pupil_calm_change"] == pytest.approx({"ann": nan, "ben": nan, "cat": nan}, nan_ok=True)
    assert found["pupil_friends_change"]["ann"] == -5


def test_a_change_since_the_first_wave_skips_a_wave_that_was_not_answered(tmp_path: Path) -> None:
    waves = f"{WAVES}nought,feelings,pupil,2024-06-03,2024-06-09\nlong_ago,feelings,pupil,2023-06-01,2023-06-09\n"
    text = """
        long_ago  ann  friend=1
        nought    ann  friend=2
        one       ben  friend=5
        two       ann  friend=5
        two       ben  friend=4
    """
    found = told(tmp_path, text, waves=waves)
    assert found["pupil_friends_change"] == pytest.approx({"ann": nan, "ben": -2.5, "cat": nan}, nan_ok=True)
    assert found["pupil_friends_change_first"] == pytest.approx({"ann": 7.5, "ben": -2.5, "cat": nan}, nan_ok=True)


def test_a_domain_is_the_mean_of_its_scales(tmp_path: Path) -> None:
    scales = tuple(scale.model_copy(update={"domain": "well-being"}) for scale in FEELINGS.scales)
    text = """
        one  ann  calm_a=1  calm_b=5  friend=1
        two  ann  calm_a=5  calm_b=1  friend=3
        two  ben  friend=3
    """
    found = told(tmp_path, text, form=FEELINGS.model_copy(update={"scales": scales}))
    assert found["pupil_domain_well_being"] == pytest.approx({"ann": 7.5, "ben": 5, "cat": nan}, nan_ok=True)
    assert found["pupil_domain_well_being_change"] == pytest.approx({"ann": 7.5, "ben": nan, "cat": nan}, nan_ok=True)
    assert "pupil_domain_school" not in told(tmp_path / "apart", text)


def test_pupil_and_parents_are_held_against_each_other_where_both_are_asked(tmp_path: Path) -> None:
    home = FEELINGS.model_copy(
        update={
            "name": "home",
            "audience": "parent",
            "scales": (Scale(name="trust", domain="school", label="trust", high_means="trusts", risk=-1),),
            "items": (Item(id="trusts", scale="trust", wording="I trust the school."),),
        }
    )
    text = """
        two   ann  calm_a=5  calm_b=1  calm_c=5
        two   ben  calm_a=1  calm_b=5  calm_c=1
        home  ann  trusts=4
    """
    waves = f"{WAVES}home,home,parent,2024-09-23,2024-09-29\n"
    found = told(tmp_path, text, waves=waves, home=home)
    assert found["parent_pupil_distance_school"] == pytest.approx({"ann": 2.5, "ben": nan, "cat": nan}, nan_ok=True)
    assert not [name for name in found if "peers_" in name]


def test_taking_part_is_told_of_the_person_and_of_the_others(tmp_path: Path) -> None:
    text = """
        one  ann  friend=5
        one  ben  friend=5
        two  ann  friend=5
    """
    found = told(tmp_path, text)
    assert found["feelings_answered_waves"] == pytest.approx({"ann": 2, "ben": 1, "cat": nan}, nan_ok=True)
    assert found["feelings_answered_days_ago"] == pytest.approx({"ann": 1, "ben": 22, "cat": nan}, nan_ok=True)
    assert found["feelings_answered_at_school"] == {"ann": 0, "ben": 1, "cat": 0.5}


def test_who_was_not_asked_did_not_decline(tmp_path: Path) -> None:
    """Cat joined after the first wave; ben was here and said nothing."""
    text = """
        one  ann  friend=5
        two  ann  friend=5
        two  cat  friend=1
    """
    found = told(tmp_path, text)
    assert found["feelings_answered"] == {"ann": 1, "ben": 0, "cat": 1}
    assert found["feelings_answered_share"] == {"ann": 1, "ben": 0, "cat": 1}
    assert found["pupil_friends_gap_school"] == pytest.approx({"ann": 10, "ben": nan, "cat": -10}, nan_ok=True)


def test_a_year_group_of_which_nobody_answered_was_not_asked(tmp_path: Path) -> None:
    """A survey that begins in Year 6 says nothing of Year 5; of ben, whose classmate answered the first, it does."""
    found = told(tmp_path, "one  ann  friend=5\ntwo  cat  friend=5")
    nobody_of_year_5 = {"ann": nan, "ben": nan, "cat": 1}
    assert found["feelings_answered"] == pytest.approx(nobody_of_year_5, nan_ok=True)
    assert found["feelings_answered_share"] == {"ann": 1, "ben": 0, "cat": 1}
    assert found["feelings_answered_waves"] == {"ann": 1, "ben": 0, "cat": 1}


def test_a_wave_serves_from_the_day_after_it_closed(tmp_path: Path) -> None:
    """The second wave closed on Sunday: Monday's run has it, Sunday's had not."""
    text = """
        one  ann  friend=5
        two  ann  friend=1
    """
    assert told(tmp_path / "monday", text)["pupil_friends"]["ann"] == 0
    assert told(tmp_path / "sunday", text, date(2024, 10, 6))["pupil_friends"]["ann"] == 10
