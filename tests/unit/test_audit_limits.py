"""Limits: met, not met, or cannot be told, with certainty and in words."""

from pathlib import Path
from typing import Any

import pytest

from earlywarn.audit.audit import Audit
from earlywarn.audit.limits import check_limits, shared_limits
from earlywarn.config import Fairness, Limit, load_config
from earlywarn.errors import ConfigError
from small_audit import trust


@pytest.fixture(scope="module")
def missed() -> Audit:
    """A trust in which pupils with pupil premium are missed more, by some 20 in 100 on the early-warning list."""
    return trust(seed=1, unseen=1.0)


def gap_of(audit: Audit, measure: str, population: str = "onset") -> float:
    """Return the gap of pupils with pupil premium."""
    (found,) = [
        gap.value
        for gap in audit.gaps
        if (gap.key.population, gap.key.group_by, gap.key.group) == (population, "pupil_premium", "yes")
        and (gap.key.contender, gap.key.measure) == ("model", measure)
    ]
    assert found is not None
    return found


def limit(**said: Any) -> Fairness:
    asked = {"group_by": "pupil_premium", "group": "yes", "list": "onset", "at_most": 0.1}
    return Fairness(limits=(Limit(**{**asked, **said}),))


def test_a_gap_well_over_the_limit_is_not_met_and_one_well_under_it_is(missed: Audit) -> None:
    worse = -gap_of(missed, "recall")
    (over,) = check_limits(missed, limit(at_most=round(worse / 4, 2)))
    (under,) = check_limits(missed, limit(at_most=round(worse * 3, 2)))
    assert (over.verdict, under.verdict) == ("not met", "met")
    assert over.value == under.value == pytest.approx(worse)


def test_a_limit_near_the_gap_cannot_be_told_and_more_certainty_makes_fewer_verdicts(missed: Audit) -> None:
    worse = -gap_of(missed, "recall")
    (near,) = check_limits(missed, limit(at_most=worse))
    assert near.verdict == "cannot be told"
    assert "the true difference may be as large as" in near.words
    bounds = [check_limits(missed, limit(certainty=sure))[0].bound or 0 for sure in (0.5, 0.8, 0.95)]
    assert bounds[0] == pytest.approx(worse) and bounds == sorted(bounds) and bounds[1] < bounds[2]


def test_false_alarms_count_the_other_way_round(missed: Audit) -> None:
    (found,) = check_limits(missed, limit(at_most=0.0, measure="false_alarms", list="already"))
    assert found.value == gap_of(missed, "false_alarms", "already")


def test_what_is_not_estimable_is_not_met_and_says_why(missed: Audit) -> None:
    (found,) = check_limits(missed, limit(group="nobody"))
    assert found.verdict == "cannot be told"
    assert "the audit holds no such comparison" in found.words


def test_a_hidden_group_keeps_its_verdict_and_loses_its_numbers(missed: Audit) -> None:
    (found,) = shared_limits(check_limits(missed, limit(at_most=0.02)), lambda key: key.group == "yes")
    assert (found.verdict, found.value, found.bound, found.found) == ("not met", None, None, "")
    assert found.words.endswith("than of 100 others. The limit is not met.")


def test_yes_in_yaml_is_the_group_yes(tmp_path: Path) -> None:
    config = _config(tmp_path, "{group_by: pupil_premium, group: yes, list: onset, at_most: 0.1}")
    assert load_config(config).fairness.limits[0].group == "yes"


def test_a_limit_on_a_group_that_is_not_audited_is_refused_with_both_sides(tmp_path: Path) -> None:
    config = _config(tmp_path, "{group_by: ethnicity, group: WBRI, at_most: 0.1}")
    with pytest.raises(ConfigError, match="a limit is on 'ethnicity', but groups and intersections audit pupil_prem"):
        load_config(config)


def _config(folder: Path, limit: str) -> Path:
    path = folder / "model.yaml"
    path.write_text(f"name: m\nas_of: {{weeks_of_year: [10]}}\nfairness:\n  limits: [{limit}]\n", encoding="utf-8")
    return path
