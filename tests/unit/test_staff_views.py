"""What staff of a pupil's school answered, as features of the pupil."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from earlywarn.bundle.manifest import record_of
from earlywarn.config import Config
from earlywarn.explain.themes import CHARACTERISTICS, theme_of
from earlywarn.features.catalogue import absent_blocks, catalogue, for_model, remade
from earlywarn.features.gather import score_waves_of
from earlywarn.features.kinds import Kinds
from earlywarn.features.staff_views import staff_view_features
from earlywarn.model.examples import load_sources
from earlywarn.study.ladder import RECORDS, STAFF, ladder
from earlywarn.surveys.instrument import Instrument, Item, Scale
from text_school import features, marks, pupils, school

AS_OF = date(2024, 10, 7)
TEAM = Instrument(
    name="team",
    audience="staff",
    title="Working here",
    source="made up for tests",
    answers=(1, 5),
    scales=(Scale(name="trust", domain="leaders", label="trust", high_means="trusts leaders", risk=-1),),
    items=(Item(id="fair", scale="trust", wording="They are fair."), Item(id="open", scale="trust", wording="Open.")),
)
WAVES = """\
wave_id,instrument,audience,opens_on,closes_on
one,team,staff,2024-09-09,2024-09-15
two,team,staff,2024-09-30,2024-10-06
late,team,staff,2024-10-01,2024-10-07
"""
ROLL = pupils("""
    ann  100001  5  2023-09-04
    ben  100002  5  2023-09-04
""")
REGISTER = marks("""
    ann  100001  2024-09-30  // // // // //
    ben  100002  2024-09-30  // // // // //
""")
Answers = Mapping[tuple[str, str], int]


def staff(beech: int, oak: int, left: Mapping[str, str] | None = None) -> str:
    """Return so many staff of either school, b0, b1, ... and o0, o1, ..."""
    rows = ["person_id,school_id,role,joined_on,left_on"]
    for letter, at, count in (("b", "100001", beech), ("o", "100002", oak)):
        for number in range(count):
            who = f"{letter}{number}"
            rows.append(f"{who},{at},teacher,2020-09-01,{(left or {}).get(who, '')}")
    return "\n".join(rows) + "\n"


def answers(wave: str, letter: str, given: Mapping[int, int]) -> list[str]:
    """Return rows in which each of some staff gives both items one and the same answer."""
    return [f"{wave},{letter}{who},{item},{answer}" for who, answer in given.items() for item in ("fair", "open")]


def told(
    folder: Path, rows: list[str], *, staff: str = staff(12, 12), wanted: bool = True
) -> dict[str, dict[str, float]]:
    text = "\n".join(["wave_id,person_id,item,answer", *rows]) + "\n"
    with school(
        folder,
        pupils=ROLL,
        attendance=REGISTER,
        waves=WAVES,
        responses=text,
        staff=staff,
        instruments={"team": TEAM},
        config={"features": {"staff_views": wanted}},
    ) as found:
        sources = replace(found, staff_waves=score_waves_of(found.store, ("staff",)) if wanted else ())
        return features(sources, AS_OF).to_dict()


def test_pupils_of_a_school_share_the_mean_of_what_its_staff_answered(tmp_path: Path) -> None:
    beech = answers("two", "b", dict.fromkeys(range(5), 5) | dict.fromkeys(range(5, 10), 3))
    oak = answers("two", "o", dict.fromkeys(range(12), 1))
    found = told(tmp_path, beech + oak)
    assert found["staff_trust_at_school"] == pytest.approx({"ann": 7.5, "ben": 0})
    assert found["team_answered_share_at_school"] == pytest.approx({"ann": 10 / 12, "ben": 1})


def test_nine_respondents_are_too_few_for_a_mean(tmp_path: Path) -> None:
    found = told(
        tmp_path, answers("two", "b", dict.fromkeys(range(9), 5)) + answers("two", "o", dict.fromkeys(range(10), 5))
    )
    assert np.isnan(found["staff_trust_at_school"]["ann"])
    assert found["staff_trust_at_school"]["ben"] == 10
    assert found["team_answered_share_at_school"]["ann"] == pytest.approx(0.75)


def test_a_change_is_that_of_the_staff_who_answered_twice(tmp_path: Path) -> None:
    """Two newcomers answer low; those who answered before are as they were."""
    before, after = answers("one", "b", dict.fromkeys(range(10), 5)), answers("two", "b", dict.fromkeys(range(10), 5))
    new = answers("two", "b", {10: 1, 11: 1})
    oak = answers("one", "o", dict.fromkeys(range(9), 1)) + answers("two", "o", dict.fromkeys(range(9), 5))
    found = told(tmp_path, before + after + new + oak)
    assert found["staff_trust_at_school"]["ann"] == pytest.approx(100 / 12)
    assert found["staff_trust_at_school_change"]["ann"] == 0
    assert np.isnan(found["staff_trust_at_school_change"]["ben"])


def test_who_had_left_before_a_wave_closed_does_not_count(tmp_path: Path) -> None:
    gone = staff(12, 12, {"b0": "2024-09-20", "b1": "2024-09-20"})
    rows = answers("one", "b", dict.fromkeys(range(12), 5)) + answers("two", "b", dict.fromkeys(range(2, 12), 4))
    found = told(tmp_path, rows, staff=gone)
    assert found["team_answered_share_at_school"]["ann"] == 1
    assert found["staff_trust_at_school_change"]["ann"] == pytest.approx(-2.5)


def test_what_comes_later_changes_nothing(tmp_path: Path) -> None:
    """The wave `late` closes on the date itself: it is not known that morning, nor is who leaves later."""
    rows = answers("two", "b", dict.fromkeys(range(10), 4))
    later = answers("late", "b", dict.fromkeys(range(12), 1))
    leaves = staff(12, 12, dict.fromkeys(("b0", "b1", "b2"), "2024-10-07"))
    then, now = told(tmp_path / "then", rows), told(tmp_path / "now", rows + later, staff=leaves)
    assert list(then) == list(now)
    assert then["staff_trust_at_school"]["ann"] == 7.5
    for name, values in then.items():
        assert values == pytest.approx(now[name], nan_ok=True), name


def test_no_model_has_them_unless_its_config_asks(tmp_path: Path) -> None:
    found = told(tmp_path, answers("two", "b", dict.fromkeys(range(10), 4)), wanted=False)
    assert [name for name in found if "staff" in name or "team" in name] == []


def test_a_config_that_asks_loads_the_waves_of_staff(tmp_path: Path) -> None:
    rows = answers("two", "b", dict.fromkeys(range(10), 4))
    text = "\n".join(["wave_id,person_id,item,answer", *rows]) + "\n"
    tables = {"pupils": ROLL, "attendance": REGISTER, "waves": WAVES, "responses": text, "staff": staff(12, 12)}
    with school(tmp_path, instruments={"team": TEAM}, **tables) as found:
        asks = found.config.model_copy(
            update={"features": found.config.features.model_copy(update={"staff_views": True})}
        )
        asked, silent = load_sources(found.store, asks), load_sources(found.store, found.config)
    assert [wave.wave_id for wave in asked.staff_waves] == ["two"]
    assert asked.instruments == (TEAM,) and silent.instruments == ()


def asking(**more: object) -> Config:
    return Config(name="a", as_of={"dates": [AS_OF]}, features={"staff_views": True, **more})


def test_a_bundle_can_make_them_again() -> None:
    for feature in staff_view_features([TEAM]):
        again = remade(record_of(feature), [TEAM], "pupils")
        assert (again.name, again.means, again.block) == (feature.name, feature.means, "staff_views")


def test_they_are_a_rung_of_their_own_and_never_a_reason() -> None:
    every = catalogue(asking(), [TEAM], {}, (), Kinds(), marks=True)
    rungs = {rung.name: rung for rung in ladder(every)}
    assert list(rungs) == [RECORDS, STAFF]
    added = set(rungs[STAFF].features) - set(rungs[RECORDS].features)
    assert {feature.name for feature in added} == {feature.name for feature in staff_view_features([TEAM])}
    assert {theme_of(feature) for feature in staff_view_features([TEAM])} == {CHARACTERISTICS}


def test_a_choice_of_blocks_does_not_take_them_away() -> None:
    config = asking(blocks=["attendance"])
    every = catalogue(config, [TEAM], {}, (), Kinds(), marks=True)
    assert {feature.block for feature in for_model(every, config)} == {"attendance", "staff_views"}


def test_a_report_names_them_where_they_were_asked_for_and_not_found() -> None:
    assert "staff_views" in absent_blocks((), asking())
    assert "staff_views" not in absent_blocks((), Config(name="a", as_of={"dates": [AS_OF]}))


def test_a_model_of_staff_has_no_use_for_them(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="staff's own answers are the block `survey`"):
        Config(
            name="a",
            population="staff",
            as_of={"dates": [AS_OF]},
            outcome={"kind": "leaves"},
            features={"staff_views": True},
        )
