"""What is said of a model: fine where nothing happened; what to do where something did."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from earlywarn.bundle.read import Bundle, read_bundle
from earlywarn.bundle.write import write_bundle
from earlywarn.evaluate.estimate import Estimate
from earlywarn.monitor.expected import Expected
from earlywarn.monitor.facts import facts_of, groups_csv, performance_csv, readings_csv
from earlywarn.monitor.reading import Kind, Reading
from earlywarn.monitor.realised import OfGroup, Realised
from earlywarn.monitor.verdict import verdict
from earlywarn.monitor.watch import Watched
from earlywarn.report.monitor_page import render_monitor_page
from small_bundle import contents

KEPT = Path(__file__).parents[1] / "fixtures" / "bundles"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return read_bundle(write_bundle(tmp_path_factory.mktemp("models"), contents()))


def estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(value, low, high, 900, 200)


def came(auc: Estimate, over: Estimate) -> tuple[Realised, ...]:
    return Realised("everyone", "auc", auc), Realised("everyone", "observed_over_expected", over)


def reading(kind: Kind, name: str, moved: float, school: str = "", **said: float | None) -> Reading:
    return Reading(kind, name, school, said.get("now"), said.get("before"), moved, 0.2, alarm=abs(moved) > 0.2)


QUIET = Watched(
    as_of=date(2026, 11, 2),
    people=900,
    against=(date(2024, 11, 4), date(2025, 11, 3)),
    closes_on=date(2027, 8, 2),
    readings=(reading("feature", "absence_rate", 0.05),),
    expected=(Expected("everyone", "auc", 0.81, 0.78, 0.84, 900),),
    realised=(),
    groups=(),
)
AS_TESTED = came(estimate(0.81, 0.78, 0.84), estimate(1.02, 0.93, 1.11))


def test_a_quiet_date_is_fine_and_what_cannot_be_seen_yet_is_said(bundle: Bundle) -> None:
    found = verdict(bundle, [QUIET])
    assert (found.level, found.reasons) == ("fine", ())
    assert "2027-08-02" in found.notes[0]


def test_outcomes_as_expected_are_fine_and_leave_nothing_to_note(bundle: Bundle) -> None:
    found = verdict(bundle, [replace(QUIET, realised=AS_TESTED)])
    assert (found.level, found.notes) == ("fine", ())


@pytest.mark.parametrize(
    ("auc", "over", "level"),
    [
        (estimate(0.75, 0.72, 0.77), AS_TESTED[1].estimate, "look"),
        (estimate(0.66, 0.63, 0.69), AS_TESTED[1].estimate, "stop using"),
        (AS_TESTED[0].estimate, estimate(1.5, 1.3, 1.7), "fine"),
        (AS_TESTED[0].estimate, estimate(0.4, 0.3, 0.45), "stop using"),
        (estimate(0.70, 0.60, 0.80), estimate(1.5, 1.1, 1.9), "fine"),
    ],
)
def test_what_came_is_held_against_what_was_tested(bundle: Bundle, auc: Estimate, over: Estimate, level: str) -> None:
    found = verdict(bundle, [replace(QUIET, realised=came(auc, over)), QUIET])
    assert found.level == level
    assert all(reason.do for reason in found.reasons)


@pytest.mark.parametrize(
    ("then", "now", "level"),
    [
        (estimate(1.4, 1.3, 1.5), estimate(1.5, 1.3, 1.7), "look"),
        (estimate(0.6, 0.5, 0.7), estimate(0.7, 0.6, 0.75), "look"),
        (estimate(1.4, 1.3, 1.5), AS_TESTED[1].estimate, "fine"),
        (estimate(0.6, 0.5, 0.7), estimate(1.5, 1.3, 1.7), "fine"),
    ],
)
def test_risks_that_stay_off_are_a_reason_to_look_and_one_winter_is_not(
    bundle: Bundle, then: Estimate, now: Estimate, level: str
) -> None:
    two = [replace(QUIET, realised=came(AS_TESTED[0].estimate, over)) for over in (then, now)]
    assert verdict(bundle, [*two, QUIET]).level == level


def test_risks_that_were_off_once_are_noted(bundle: Bundle) -> None:
    once = replace(QUIET, realised=came(AS_TESTED[0].estimate, estimate(1.5, 1.3, 1.7)))
    found = verdict(bundle, [once])
    assert "1.50 (1.30 to 1.70)" in found.notes[0] and "2026-11-02" in found.notes[0]


def test_risks_that_promise_less_than_was_tested_are_a_reason_to_look(bundle: Bundle) -> None:
    lower = replace(QUIET, expected=(Expected("everyone", "auc", 0.70, 0.66, 0.74, 900),))
    assert verdict(bundle, [lower]).level == "look"


def test_what_moved_counts_on_the_latest_date_alone(bundle: Bundle) -> None:
    moved = replace(QUIET, readings=(reading("feature", "spells", 0.5),))
    assert verdict(bundle, [moved, QUIET]).level == "fine"
    found = verdict(bundle, [QUIET, moved])
    assert found.level == "look"
    assert "what is known of spells" in found.reasons[0].says


def test_an_item_is_named_with_its_wording_and_a_school_with_its_codes(bundle: Bundle) -> None:
    item = reading("item", "pulse b1", -0.6, now=4.5, before=6.0)
    codes = (reading("code", "I", -0.3, "900003", now=0.2, before=0.5), reading("code", "O", 0.3, "900003", now=0.5))
    says = " ".join(one.says for one in verdict(bundle, [replace(QUIET, readings=(item, *codes))]).reasons)
    assert "I belong here" in says and "lower" in says
    assert "School 900003" in says and "I 50% before, 20% now" in says


def test_a_group_whose_risks_are_off_is_named(bundle: Bundle) -> None:
    group = OfGroup("pupil_premium", "yes", "observed_over_expected", estimate(1.6, 1.4, 1.8))
    found = verdict(bundle, [replace(QUIET, realised=AS_TESTED, groups=(group,))])
    assert found.level == "look"
    assert "with pupil premium" in found.reasons[0].says


@pytest.mark.parametrize("kept", ["1", "2"])
def test_a_bundle_without_a_reference_says_what_it_cannot_tell(kept: str) -> None:
    older = read_bundle(KEPT / kept / "trees")
    found = verdict(older, [replace(QUIET, readings=(), against=(), realised=AS_TESTED)])
    assert found.level == "fine"
    assert f"format {kept}" in found.notes[0]


def test_page_and_tables_say_what_was_found(bundle: Bundle) -> None:
    hidden = OfGroup("sen", "E", "recall", None)
    shown = [
        OfGroup("sen", "N", name, estimate(0.4, 0.3, 0.5))
        for name in ("observed_over_expected", "auc", "recall", "precision")
    ]
    rest = [replace(hidden, measure=name) for name in ("observed_over_expected", "auc", "precision")]
    closed = replace(QUIET, realised=AS_TESTED, groups=(hidden, *shown, *rest))
    moved = replace(QUIET, as_of=date(2027, 2, 1), readings=(reading("item", "pulse b1", -0.6, now=4.5, before=6.0),))
    facts = facts_of(bundle, [closed, moved], verdict(bundle, [closed, moved]))
    page = render_monitor_page(facts, [("pack", "scores/packs/1", "2026-07-31")])
    for said in ("Look", "I belong here", "scores/packs/1", "With an EHC plan", "0.810 (0.780 to 0.840)"):
        assert said in page
    assert "None" not in page and "nan" not in page
    assert "2027-02-01,item,pulse b1,,4.5,6.0,-0.6,0.2,True" in readings_csv(facts)
    assert "2026-11-02,sen,E,recall,,,,,,suppressed" in groups_csv(facts)
    assert performance_csv(facts).startswith("as_of,population,measure,tested,expected_value")
