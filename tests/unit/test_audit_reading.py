from earlywarn.audit.audit import beside
from earlywarn.audit.reading import read_beside
from earlywarn.audit.words import span
from small_audit import ABOUT, by_hand, trust

MISSED = [("N", True, 1, 78), ("N", True, 0, 22), ("N", False, 0, 400), ("N", False, 1, 50)]


def test_the_reading_says_in_people_who_is_missed() -> None:
    found = by_hand([*MISSED, ("K", True, 1, 66), ("K", True, 0, 34), ("K", False, 0, 100)], schools=12)
    assert any(
        sentence.startswith(
            "Of 100 pupils with SEN support who missed 10% or more of the sessions to July, 34 were not on the list of "
            "everyone; of 100 pupils without SEN, 22."
        )
        for sentence in found.reading
    )


def test_no_alarm_is_never_told_as_equal_treatment() -> None:
    found = by_hand(
        [*MISSED, ("K", True, 1, 16), ("K", True, 0, 4), ("K", False, 0, 40), ("K", False, 1, 5)], schools=12
    )
    assert found.reading[0].startswith("No alarm")
    assert "does not prove that the groups fare alike" in found.reading[0]


def test_an_alarm_comes_first_and_names_its_group() -> None:
    first, second, *_ = trust(seed=1, unseen=1.0).reading
    assert first.startswith("There is cause for concern") and "pupils with pupil premium" in first
    assert "This is an alarm" in second


def test_the_model_is_set_beside_the_rule_it_replaces() -> None:
    reading = trust(seed=1, unseen=1.0).reading
    assert any("with the best simple rule (absence rate)" in sentence for sentence in reading)


def test_the_second_audit_says_what_changes_without_the_schools_own_decisions() -> None:
    alarmed, calm = trust(seed=1, unseen=1.0), trust(seed=1)
    assert "there is still no alarm" in read_beside(calm.gaps, calm.gaps, ABOUT)
    assert "Alarms that go: whom the list misses: pupils with pupil premium" in read_beside(
        alarmed.gaps, calm.gaps, ABOUT
    )
    own = beside(alarmed, calm).as_dict()["own_decisions"]
    assert len(own["rows"]) == len(calm.rows) and own["words"]
    assert alarmed.as_dict()["own_decisions"] == {"rows": [], "gaps": [], "words": ""}


def test_more_missed_reads_as_more() -> None:
    assert span(0.02, 0.05) == "from 2 to 5 more in 100"
    assert span(-0.05, -0.02) == "from 2 to 5 fewer in 100"
