"""Any system's scores can be audited, and what cannot be used is named by its column and line."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from earlywarn import run
from earlywarn.audit.any_scores import Columns, audit_scores, read_scores
from earlywarn.audit.audit import gaps_frame, to_frame
from earlywarn.config import Fairness, Places
from earlywarn.errors import ConfigError, TableError
from small_audit import gap, row

BY_PREMIUM = Fairness(groups=("premium",), intersections=())
COLUMNS = Columns(score="score", outcome="happened", school="school")


def scores(people: int = 1200) -> pd.DataFrame:
    """Return someone else's scores: those with premium are rated too low."""
    random = np.random.default_rng(1)
    premium = random.random(people) < 0.4
    odds = random.normal(-1.5, 1.3, people)
    return pd.DataFrame({
        "score": (1 / (1 + np.exp(-(odds - 1.5 * premium)))).round(6),
        "happened": (random.random(people) < 1 / (1 + np.exp(-odds))).astype(int),
        "premium": np.where(premium, "yes", "no"),
        "school": random.integers(12, size=people),
    })  # fmt: skip


def test_scores_of_another_system_are_audited_on_lists_as_long_as_its_places() -> None:
    found = audit_scores(scores(), COLUMNS, BY_PREMIUM)
    listed = sum(row(found, group, "selection").numerator or 0 for group in ("yes", "no"))
    roll = scores()["school"].value_counts()
    assert listed == sum(max(5, round(0.05 * each)) for each in roll)
    assert (gap(found, "yes", "recall").value or 0) < 0


def test_the_frames_are_tidy_one_row_a_group_and_measure() -> None:
    found = audit_scores(scores(), COLUMNS, BY_PREMIUM)
    rows, gaps = to_frame(found), gaps_frame(found)
    assert not rows.duplicated(["population", "group_by", "group", "contender", "measure"]).any()
    assert set(gaps["group"]) == {"yes"} and set(gaps["against"]) == {"no"}


def test_scores_that_are_no_probabilities_are_ranked_and_have_no_calibration() -> None:
    frame = scores().assign(score=lambda people: 100 * people["score"])
    measures = set(to_frame(audit_scores(frame, COLUMNS, BY_PREMIUM))["measure"])
    assert "recall" in measures and "calibration_slope" not in measures


def test_lists_that_stand_apart_have_their_own_places_and_everyone_beside_them() -> None:
    frame = scores().assign(kind=lambda people: np.where(people["score"] > 0.2, "known", "new"))
    columns = Columns("score", "happened", school="school", list="kind")
    found = audit_scores(frame, columns, Fairness(groups=("premium",), intersections=(), places=Places(count=3)))
    assert {each.key.population for each in found.rows} == {"everyone", "known", "new"}


def test_a_file_reads_the_same_as_the_frame(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    scores().to_csv(path, index=False)
    from_file = to_frame(audit_scores(read_scores(path), COLUMNS, BY_PREMIUM))
    pd.testing.assert_frame_equal(from_file, to_frame(audit_scores(scores(), COLUMNS, BY_PREMIUM)))


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("score", "high", "column 'score' is no number on 1 line(s): 4"),
        ("score", None, "column 'score' is no number on 1 line(s): 4"),
        ("happened", "perhaps", "column 'happened' is neither yes nor no on 1 line(s): 4"),
        ("school", None, "column 'school' is empty on 1 line(s): 4"),
    ],
)
def test_what_cannot_be_used_is_named_by_its_line_and_never_quoted(column: str, value: str | None, said: str) -> None:
    frame = scores(40).astype(object)
    frame.loc[2, column] = value
    with pytest.raises(TableError) as refused:
        audit_scores(frame, COLUMNS, BY_PREMIUM)
    assert said in str(refused.value)
    assert "perhaps" not in str(refused.value)


def test_a_mistyped_column_is_named_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="no column 'premum' in the scores; they hold score, happened, premium"):
        audit_scores(scores(40), COLUMNS, Fairness(groups=("premum",), intersections=()))


def test_a_file_that_is_not_there_is_refused_kindly(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no such file"):
        read_scores(tmp_path / "none.csv")


def test_an_audit_of_a_file_is_written_with_its_page_and_hides_small_numbers(tmp_path: Path) -> None:
    path = tmp_path / "vendor.csv"
    # Three people of a group of their own: shared, nothing is told of them.
    few = scores().assign(premium=lambda people: np.where(people.index < 3, "unsure", people["premium"]))
    few.to_csv(path, index=False)
    found = run.audit_scores(path, COLUMNS, BY_PREMIUM, tmp_path / "out", tmp_path / "private")
    assert {each.name for each in found.folder.iterdir()} == {"audit.json", "audit.csv", "audit.html"}
    shared, whole = (json.loads((folder / "audit.json").read_text()) for folder in (found.folder, found.whole_audit))
    told = [{each["group"] for each in audit["details"] if each["value"] is not None} for audit in (shared, whole)]
    assert "unsure" not in told[0]
    assert all(each["n"] is None for each in [*shared["details"], *shared["why"]])
    assert {each["n"] for each in whole["rows"] if each["group"] == "unsure"} == {3}
