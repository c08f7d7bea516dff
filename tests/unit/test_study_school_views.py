"""Schools whose people answered otherwise, and their absence afterwards: schools of which the truth is known."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from earlywarn.config import Config
from earlywarn.features.waves import parts_of
from earlywarn.study.figure import Figure, missing
from earlywarn.study.school_slopes import Tie, ties_of
from earlywarn.study.school_views import school_view_sentences, school_view_tables
from earlywarn.study.school_waves import SchoolWaves, school_waves, spans_around
from earlywarn.surveys.instrument import Instrument, Item, Scale
from earlywarn.terms import from_days
from text_school import school

TEAM = Instrument(
    name="team",
    audience="staff",
    title="Working here",
    source="made up for tests",
    answers=(1, 5),
    scales=(Scale(name="trust", domain="leaders", label="trust", high_means="trusts leaders", risk=-1),),
    items=(Item(id="fair", scale="trust", wording="They are fair."),),
)
SLOPE = -0.8  # percentage points of absence for a point of the mean


def made_up(schools: int = 24, slope: float = SLOPE, noise: float = 0.1, phases: int = 1) -> SchoolWaves:
    """Return schools in two waves, of 200 pupils or 400; absence rises from the first wave to the second."""
    rng = np.random.default_rng(5)
    number, wave = np.tile(np.arange(schools), 2), np.repeat([0, 1], schools)
    before = 6 + rng.normal(0, 1, 2 * schools)
    mean = 6 - 0.5 * before + rng.normal(0, 1, 2 * schools)  # what staff answer goes with absence before, too
    after = 1 + 2 * wave + 0.7 * before + slope * mean + rng.normal(0, noise, 2 * schools)
    return SchoolWaves(
        TEAM,
        school=np.char.add("s", number.astype(str)),
        wave=np.char.add("w", wave.astype(str)),
        phase=np.char.add("p", (number % phases).astype(str)),
        before=before / 100,
        after=after / 100,
        pupils=200 * (1 + number % 2),
        means=mean[:, None],
        respondents=np.full((2 * schools, 1), 20),
    )


def only(rows: SchoolWaves) -> Tie:
    (tie,) = ties_of(rows)
    return tie


def test_the_slope_that_was_planted_is_found_with_its_direction() -> None:
    tie = only(made_up())
    assert tie.slope.low is not None and tie.slope.high is not None
    assert tie.slope.low < SLOPE < tie.slope.high < 0
    assert tie.slope.high - tie.slope.low < 0.2
    assert tie.correlation.value is not None and tie.correlation.value < -0.9
    assert (tie.schools, tie.waves, tie.respondents) == (24, 2, 48 * 20)


def test_what_goes_with_absence_before_alone_is_not_told_as_a_tie() -> None:
    """Means go with absence before, and that with absence after: given it, nothing is left."""
    rows = made_up(slope=0, noise=0.5)
    assert np.corrcoef(rows.means[:, 0], rows.after)[0, 1] < -0.1
    tie = only(rows)
    assert tie.slope.low is not None and tie.slope.high is not None
    assert tie.slope.low < 0 < tie.slope.high


def test_a_difference_between_phases_is_no_tie() -> None:
    rows = made_up(slope=0, noise=0.3, phases=2)
    secondary = rows.phase == "p1"
    apart = SchoolWaves(
        **{**vars(rows), "after": rows.after + 0.05 * secondary, "means": rows.means + 3 * secondary[:, None]}
    )
    tie = only(apart)
    assert tie.slope.low is not None and tie.slope.high is not None
    assert tie.slope.low < 0 < tie.slope.high < 0.5


def test_nine_schools_say_nothing_of_others() -> None:
    tie = only(made_up(schools=9))
    assert tie.slope.value is None and "fewer than 10 schools" in tie.slope.why
    assert tie.correlation.value is None
    assert tie.schools == 9


def test_a_mean_that_may_not_be_shown_is_not_used() -> None:
    rows = made_up(schools=12)
    means = rows.means.copy()
    means[rows.school == "s0"] = np.nan
    assert only(SchoolWaves(**{**vars(rows), "means": means})).schools == 11


def test_a_school_that_is_alone_of_its_phase_is_held_against_nobody() -> None:
    rows = made_up(schools=12)
    phase = np.where(rows.school == "s0", "special", "primary")
    assert only(SchoolWaves(**{**vars(rows), "phase": phase})).schools == 11


def test_schools_that_all_answer_alike_tell_nothing() -> None:
    rows = made_up(schools=12)
    alike = only(SchoolWaves(**{**vars(rows), "means": np.full_like(rows.means, 5)}))
    assert alike.slope.value is None and alike.slope.why.startswith("not estimable")


def weekdays(first: date, weeks: int) -> list[date]:
    return [first + timedelta(days=7 * week + day) for week in range(weeks) for day in range(5)]


def test_weeks_are_school_weeks_and_the_wave_belongs_to_neither_side() -> None:
    autumn, spring = weekdays(date(2024, 9, 2), 14), weekdays(date(2025, 1, 6), 14)
    calendar = from_days([*autumn, *spring])
    before, after = spans_around(calendar, date(2025, 1, 14), date(2025, 1, 24), date(2026, 1, 1)) or ((), ())
    assert before == (date(2024, 9, 23), date(2025, 1, 13))  # eleven weeks of autumn and one of spring
    assert after == (date(2025, 1, 27), date(2025, 4, 14))
    assert spans_around(calendar, date(2024, 9, 24), date(2024, 9, 27), date(2026, 1, 1)) is None  # three weeks before
    assert spans_around(calendar, date(2025, 1, 14), date(2025, 1, 24), date(2025, 2, 20)) is None  # three are over


SCHOOLS = [str(100001 + each) for each in range(12)]


def folder(tmp_path: Path, staff: int = 12) -> dict[str, str]:
    """Return the tables of twelve schools of ten pupils: of the school with trust t, t pupils miss every Monday later.

    One more pupil of each comes after the wave and is always absent: the pupil stands on one side alone.
    """
    people, marks = ["person_id,school_id,year_group,joined_on,known_on"], ["person_id,school_id,date,session,code"]
    team, given = ["person_id,school_id,role,joined_on"], ["wave_id,person_id,item,answer"]
    for number, at in enumerate(SCHOOLS):
        trust = 1 + number % 5
        for pupil in range(11):
            joined = "2024-10-07" if pupil == 10 else "2023-09-04"
            people.append(f"p{at}_{pupil},{at},5,{joined},{joined}")
            for place, day in enumerate(weekdays(date(2024, 9, 2), 10)):
                late = day >= date(2024, 10, 7)
                if pupil < 10 or late:
                    absent = pupil == 10 or (place % 5 == 0 and pupil < (trust if late else 2))
                    marks += [f"p{at}_{pupil},{at},{day},{half},{'I' if absent else '/'}" for half in ("AM", "PM")]
        team += [f"t{at}_{each},{at},teacher,2020-09-01" for each in range(staff)]
        given += [f"w,t{at}_{each},fair,{trust}" for each in range(staff)]
    names = "\n".join(f"{at},School {at},primary" for at in SCHOOLS)
    return {
        "schools": f"school_id,name,phase\n{names}\n",
        "pupils": "\n".join(people) + "\n",
        "attendance": "\n".join(marks) + "\n",
        "staff": "\n".join(team) + "\n",
        "waves": "wave_id,instrument,audience,opens_on,closes_on\nw,team,staff,2024-09-30,2024-10-04\n",
        "responses": "\n".join(given) + "\n",
    }


def test_means_and_absence_are_taken_from_the_tables(tmp_path: Path) -> None:
    with school(tmp_path, instruments={"team": TEAM}, **folder(tmp_path)) as sources:
        (rows,) = school_waves(sources)
        (table,) = school_view_tables(sources, None, sources.config)  # type: ignore[arg-type]
    assert rows.school.tolist() == SCHOOLS
    assert rows.means[:, 0].tolist() == [2.5 * (number % 5) for number in range(12)]
    assert rows.pupils.tolist() == [10] * 12  # the one who came later is not held against a before
    assert rows.before == pytest.approx(0.04)  # two of ten pupils on one day of five
    assert rows.after == pytest.approx([(1 + number % 5) / 50 for number in range(12)])
    (row,) = table.rows
    assert row["slope"] == pytest.approx(0.8)  # 2 percentage points for 2.5 points of the mean
    assert (row["audience"], row["scale"], row["schools"], row["why"]) == (
        "staff",
        "trust",
        12,
        "no interval: all are alike",
    )
    assert set(row) == set(table.columns)


def test_nine_respondents_make_no_mean(tmp_path: Path) -> None:
    with school(tmp_path, instruments={"team": TEAM}, **folder(tmp_path, staff=9)) as sources:
        (rows,) = school_waves(sources)
        (table,) = school_view_tables(sources, None, sources.config)  # type: ignore[arg-type]
    assert np.isnan(rows.means).all()
    assert (table.rows[0]["slope"], table.rows[0]["schools"]) == (None, 0)
    assert table.says[0].startswith("What staff answered: not estimable")


def test_a_study_of_staff_has_no_such_table() -> None:
    of_staff = Config(name="a", population="staff", as_of={"dates": [date(2024, 10, 7)]}, outcome={"kind": "leaves"})
    assert school_view_tables(None, None, of_staff) == ()  # type: ignore[arg-type]


def tie(slope: Figure) -> Tie:
    return Tie("team", "staff", parts_of(TEAM)[0], slope, slope, 24, 2, 900, 480)


def test_the_words_say_what_was_shown_and_what_was_not() -> None:
    shown = school_view_sentences([tie(Figure(-0.8, -1.1, -0.5, 480)), tie(Figure(0.1, -0.3, 0.5, 480))])
    assert shown[:2] == (
        "Of the 2 intervals for what staff of a school answered, 1 leaves 0 out; by chance alone, one in twenty would.",
        "Where the mean of staff for trust was one point of 10 higher, pupils missed 0.80 percentage points less of "
        "their sessions after the wave, given what they had missed before it (95% interval 0.50 to 1.10; 24 schools).",
    )
    nothing = school_view_sentences([tie(Figure(0.1, -0.3, 0.5, 480))])
    assert nothing[0].startswith("That absence afterwards goes with what staff of a school answered could not be shown")
    assert "from -0.30 to 0.50 percentage points" in nothing[0]
    assert "it does not mean that answers bring absence about" in nothing[-1]
    assert (
        school_view_sentences([tie(missing("not estimable: few", 0))])[0] == "What staff answered: not estimable: few."
    )
