"""The verdict says what the numbers say: a gain, or what could have been shown, and never a cause."""

from earlywarn.config import Study
from earlywarn.study.table import Table
from earlywarn.study.verdict import LIMITS, verdict
from made_up_study import CONFIG, bands, cross_lagged, domains, gain, gains, horizons, primary, table


def headline(*found: Table) -> str:
    return verdict(found, CONFIG).headline


def test_a_claimed_gain_is_told_with_interval_and_people() -> None:
    said = headline(primary())
    assert said.startswith("Yes: among everyone on roll, what people answered in the latest survey tells which pupils")
    assert "AUC +0.0123 (95% interval +0.0040 to +0.0206; 5,210 rows of pupils at 60 schools)" in said


def test_what_could_not_be_shown_comes_with_the_smallest_that_would_have_been() -> None:
    said = headline(primary(0.004, -0.001, 0.009))
    assert said.startswith("It could not be shown that")
    assert "would have shown four times in five is 0.0117: a smaller one may be there." in said


def test_a_model_that_does_worse_is_said_to() -> None:
    assert headline(primary(-0.01, -0.02, -0.001)).startswith("No: among everyone")


def test_what_cannot_be_told_says_why() -> None:
    assert headline(primary(None, None, None, why="too few had the outcome")).endswith(
        "cannot be told: too few had the outcome."
    )
    assert headline().endswith("cannot be told.")


def test_the_gain_is_told_in_people_on_lists_of_the_same_length() -> None:
    found = verdict([primary(), gains()], CONFIG)
    assert "lists of the same length find 2.1 more (95% interval 0.5 more to 3.7 more)." in found.says[0]


def test_people_that_may_be_none_are_said_to_be_unsure() -> None:
    rows = gain(0.01, -0.01, 0.03, population="everyone", rung="level", over="participation", measure="people_found")
    found = verdict([primary(), table("gains", rows)], CONFIG)
    assert found.headline.startswith("Yes, but by so little that lists hardly find more people: among everyone")
    assert found.says[0].endswith(
        "1.0 more (95% interval 1.0 fewer to 3.0 more). It is not sure that it is more than none."
    )


def test_one_school_is_one() -> None:
    (row,) = primary().rows
    assert "at 1 school)" in headline(table("primary", {**row, "schools": 1}))


def test_the_horizon_that_is_named_says_whether_there_is_time_to_act() -> None:
    (said,) = verdict([primary(), horizons()], CONFIG).says
    assert said == "Answers add most 6 weeks on. A school has these 6 weeks to act."
    soon = table("horizons", gain(0.01, 0.001, 0.02, weeks=0, named=True), says=("Answers add most at once.",))
    assert verdict([soon], CONFIG).says == ("Answers add most at once. That leaves no time to act.",)
    none = table("horizons", gain(0.01, -0.001, 0.02, weeks=2, named=False), says=("At none.",))
    assert verdict([none], CONFIG).says == ("At none.",)


def test_domain_and_direction_speak_with_their_first_sentence() -> None:
    assert verdict([domains(), cross_lagged(), bands()], CONFIG).says == ("Effort tells most.", "It goes before.")


def test_the_test_is_the_one_of_the_config() -> None:
    config = CONFIG.model_copy(update={"study": Study(adds="parents", population="onset")})
    said = verdict([primary()], config).headline
    assert "among those below the line so far this year, what parents answered tells" in said


def test_no_cause_is_claimed() -> None:
    found = verdict([primary(), gains(), horizons()], CONFIG)
    assert not any("cause" in said for said in (found.headline, *found.says))
    assert "It does not say why anyone is absent" in LIMITS[0]
