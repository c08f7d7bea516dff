"""Outcomes by attendance band: counted right, compared within groups, shared without small numbers."""

import numpy as np
import pytest

from earlywarn.attendance_bands import BANDS
from earlywarn.disclosure import HIDDEN
from earlywarn.evaluate.measures import Floats
from earlywarn.study.bands import Banded, BandRow, band_sentences, outcome_by_band, shared_bands

PEOPLE = 6000
RISK = np.array([0.10, 0.15, 0.25, 0.35, 0.52])  # of the bands, best first: true ratios 1, 1.5, 2.5, 3.5, 5.2


def made(seed: int = 1, people: int = PEOPLE, schools: int = 30) -> tuple[Floats, Floats, Floats, Floats]:
    """Return absence, outcome, school and pupil premium."""
    random = np.random.default_rng(seed)
    absence = np.clip(random.gamma(1.2, 0.07, people), 0, 1)
    band = np.searchsorted([0.05, 0.10, 0.15, 0.20], absence, side="right")
    happened = (random.random(people) < RISK[band]).astype(float)
    return absence, happened, random.integers(schools, size=people), random.random(people) < 0.3


def rows_of(seed: int = 1, **size: int) -> tuple[BandRow, ...]:
    return banded(seed, **size).rows


def banded(seed: int = 1, **size: int) -> Banded:
    absence, happened, school, premium = made(seed, **size)
    groups = {"pupil_premium": np.where(premium, "yes", "no")}
    return outcome_by_band(absence, happened, groups, school, np.arange(len(school)))


def test_counts_are_those_of_a_hand_count() -> None:
    absence, happened, _, premium = made()
    low = (absence > 0.15) & (absence < 0.20) & premium
    (row,) = [row for row in rows_of() if (row.group, row.band) == ("yes", "over 80% to 85%")]
    assert (row.n, row.happened) == (low.sum(), happened[low].sum())
    assert row.share.value == pytest.approx(happened[low].mean())


def test_ratios_cover_what_was_planted() -> None:
    held = 0
    for seed in range(20):
        rows = [row for row in rows_of(seed) if row.group_by == "everyone"]
        for row, true in zip(rows[1:], RISK[1:] / RISK[0], strict=True):
            assert row.times.low is not None
            assert row.times.high is not None
            held += row.times.low <= true <= row.times.high
    assert held >= 0.88 * 80


def test_people_without_attendance_or_outcome_are_left_out() -> None:
    absence, happened, school, _ = made()
    absence[:100], happened[50:200] = np.nan, np.nan
    rows = outcome_by_band(absence, happened, {}, school, np.arange(PEOPLE)).rows
    assert sum(row.n for row in rows) == PEOPLE - 200


def test_few_people_are_not_estimable_and_nobody_affected_has_no_ratio() -> None:
    absence, _, school, _ = made(people=60)
    rows = outcome_by_band(absence, np.zeros(60), {}, school, np.arange(60)).rows
    assert rows[0].times.why == "it happened to nobody in one of the two bands"
    few = [row for row in rows if row.n < 10]
    assert few
    assert all(row.share.value is None for row in few)


def test_what_is_shared_hides_small_numbers_and_what_would_tell_them() -> None:
    found = banded(people=400)
    shared = shared_bands(found)
    for whole, shown in zip(found.rows, shared, strict=True):
        small = any(0 < each < 5 for each in (whole.n, whole.happened, whole.n - whole.happened))
        assert not small or (shown.n == HIDDEN and shown.share is None)
    for band in BANDS:
        line = [row for row in shared if row.group_by == "pupil_premium" and row.band == band]
        assert sum(row.n == HIDDEN for row in line) != 1  # everyone's total would give it away


def test_sentences_say_times_as_likely_with_their_interval() -> None:
    said = band_sentences(rows_of(), "were excluded")
    assert len(said) == 5
    assert "times as likely" not in said[0]
    assert said[-1].startswith("Of 100 who attended 80% or less, 5")
    assert "95% interval" in said[-1]
