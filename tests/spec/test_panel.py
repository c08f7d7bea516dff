"""Which absence lies before, between and after the waves of a school year, and whose it is."""

from pathlib import Path

import numpy as np
import pytest

from earlywarn.study.panel_gather import Panel, gather_panels
from earlywarn.study.panel_views import log_odds_missed, missed, missed_so_far
from earlywarn.study.within_between import within_between_tables
from earlywarn.surveys.instrument import Instrument, Item, Scale
from text_school import marks, pupils, school

FORM = Instrument(
    name="feelings",
    audience="pupil",
    title="How school feels",
    source="made up for tests",
    answers=(1, 5),
    scales=(
        Scale(name="effort", domain="engagement", label="effort", high_means="works hard", risk=-1),
        Scale(name="joy", domain="engagement", label="joy", high_means="likes lessons", risk=-1),
        Scale(name="friends", domain="peers", label="friends", high_means="has friends", risk=-1),
    ),
    items=(
        Item(id="effort", scale="effort", wording="I work hard."),
        Item(id="joy", scale="joy", wording="I like lessons."),
        Item(id="friend", scale="friends", wording="I have a friend here."),
    ),
)
WAVES = """\
wave_id,instrument,audience,opens_on,closes_on
one,feelings,pupil,2024-09-16,2024-09-20
two,feelings,pupil,2024-09-30,2024-10-04
three,feelings,pupil,2024-10-14,2024-10-18
"""
WEEK = "// // // // //"
AWAY = "II II II II II"
# Ann is away on both days of a wave; Bea changes school in the third week; Dan answers nothing; Eve is in Year 12.
REGISTER = marks(f"""
    ann  100001  2024-09-09  I/ // // // // {AWAY} // II // // // {WEEK} {WEEK} {AWAY} I/ // // // //
    bea  100001  2024-09-09  {AWAY} {WEEK} I/ // // //
    bea  100002  2024-09-30  {WEEK} // // // // II {WEEK} {WEEK}
    dan  100001  2024-09-09  {WEEK} {WEEK} {WEEK} {WEEK} {WEEK} {WEEK} {WEEK}
    eve  100001  2024-09-09  {WEEK} {WEEK} {WEEK} {WEEK} {WEEK} {WEEK} {WEEK}
""")
ROLL = pupils("""
    ann  100001   5  2023-09-04
    bea  100001   5  2023-09-04  2024-09-26
    bea  100002   5  2024-09-30
    dan  100001   6  2023-09-04
    eve  100001  12  2023-09-04
""")
ANSWERS = """\
wave_id,person_id,item,answer
one,ann,effort,5
one,ann,joy,3
two,ann,effort,1
three,ann,friend,2
two,bea,effort,3
one,eve,effort,3
"""


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    tables = {"waves": WAVES, "responses": ANSWERS, "attendance": REGISTER, "pupils": ROLL}
    with school(tmp_path, instruments={"feelings": FORM}, **tables) as sources:
        (found,) = gather_panels(sources)
    return found


def test_only_pupils_of_the_years_asked_who_answered_something_are_there(panel: Panel) -> None:
    assert panel.person.tolist() == ["ann", "bea"]
    assert panel.years == (2024,)
    assert panel.waves == 3


def test_days_on_which_a_wave_is_open_lie_neither_before_nor_after_it(panel: Panel) -> None:
    assert panel.possible[0].tolist() == [10, 10, 10, 10]
    assert panel.absent[0].tolist() == [1, 2, 0, 1]


def test_who_moved_is_one_pupil_with_all_sessions_at_the_school_of_most(panel: Panel) -> None:
    assert panel.school.tolist() == ["100001", "100002"]
    assert panel.possible[1].tolist() == [10, 8, 10, 10]
    assert panel.absent[1].tolist() == [10, 1, 2, 0]


def test_a_wave_that_was_missed_is_empty_and_keeps_its_place(panel: Panel) -> None:
    assert panel.scores["effort"][0].tolist() == pytest.approx([10, 0, np.nan], nan_ok=True)
    assert panel.scores["friends"][0].tolist() == pytest.approx([np.nan, np.nan, 2.5], nan_ok=True)
    assert panel.scores["all engagement"].tolist() == [
        pytest.approx([7.5, 0, np.nan], nan_ok=True), pytest.approx([np.nan, 5, np.nan], nan_ok=True),
    ]  # fmt: skip


def test_shares_missed_by_span_and_so_far(panel: Panel) -> None:
    assert missed(panel, 10)[0].tolist() == [10, 20, 0, 10]
    assert missed_so_far(panel, 10)[0].tolist() == pytest.approx([10, 15, 10])
    assert log_odds_missed(panel, 10)[0] == pytest.approx(np.log([1.5 / 9.5, 2.5 / 8.5, 0.5 / 10.5, 1.5 / 9.5]))
    assert np.isnan(missed(panel, 11)).all()


def test_without_three_waves_in_a_complete_year_there_is_nothing(tmp_path: Path) -> None:
    two = "\n".join(WAVES.splitlines()[:3]) + "\n"
    tables = {"responses": ANSWERS.replace("three,ann,friend,2\n", ""), "attendance": REGISTER, "pupils": ROLL}
    with school(tmp_path, instruments={"feelings": FORM}, waves=two, **tables) as sources:
        assert within_between_tables(sources, sources.config) == ()
