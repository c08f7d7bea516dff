"""The ladder: each rung knows more than the one below, and a kind that the data lack has none."""

from itertools import pairwise

from earlywarn.study.ladder import LEVEL, PARTICIPATION, RECORDS, ladder, rung_of
from study_world import FEATURES


def test_each_rung_knows_all_that_the_one_below_knows() -> None:
    rungs = ladder(FEATURES)
    names = ["records", "characteristics", "participation", "level", "change", "parents"]
    assert [rung.name for rung in rungs] == names
    for below, above in pairwise(rungs):
        assert above.features[: len(below.features)] == below.features
        assert len(above.features) > len(below.features)
    assert set(rungs[-1].features) == set(FEATURES)


def test_a_kind_that_the_data_lack_has_no_rung() -> None:
    rungs = ladder(FEATURES[:1] + FEATURES[3:4])
    assert [rung.name for rung in rungs] == [RECORDS, LEVEL]
    assert rung_of(rungs, LEVEL) == (rungs[1], rungs[0])
    assert rung_of(rungs, PARTICIPATION) is None
    assert rung_of(rungs, RECORDS) is None  # there is nothing without it
