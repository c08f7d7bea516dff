"""The wording file: everything that can be a reason has words, and the words keep the rules."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from earlywarn.errors import ConfigError
from earlywarn.explain.amounts import amount
from earlywarn.explain.themes import CHARACTERISTICS, theme_of
from earlywarn.explain.words import PLACEHOLDERS, SHIPPED, fill, load_book, scales_of, spoken
from earlywarn.features.assessments import judgement_features
from earlywarn.features.attendance import ATTENDANCE, CONTEXT
from earlywarn.features.feature import Feature
from earlywarn.features.help import help_features
from earlywarn.features.people import MOVEMENT, STAFF, amount_features, event_features
from earlywarn.features.survey import survey_features
from earlywarn.paths import shipped_instruments
from earlywarn.surveys.instrument import load_instruments

BOOK = load_book()
INSTRUMENTS = tuple(load_instruments(shipped_instruments()).values())
CATALOGUE = (
    *ATTENDANCE,
    *CONTEXT,
    *MOVEMENT,
    *STAFF,
    *survey_features(INSTRUMENTS, ("year_group", "year group")),
    *event_features(("behaviour", "detention_hall")),
    *amount_features(("behaviour", "detention_hall")),
    *judgement_features(("attitude",)),
    *help_features(("mentoring",)),
)
FORBIDDEN = re.compile(
    r"pupil premium|free school|\bFSM\b|\bSEND?\b|special educational|ethnic|\bsex\b|\bboys?\b|\bgirls?\b|looked after|"
    r"additional language|\bEAL\b|disadvantaged|\bage\b",
    re.IGNORECASE,
)


def texts(part: object) -> Iterator[str]:
    """Yield every text of the wording file."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for inner in part.values():
            yield from texts(inner)


@pytest.mark.parametrize(
    "feature", [each for each in CATALOGUE if theme_of(each) != CHARACTERISTICS], ids=lambda feature: feature.name
)
def test_every_feature_that_can_be_a_reason_has_words_of_its_own(feature: Feature) -> None:
    said = spoken(feature, BOOK, scales_of(INSTRUMENTS))
    assert said.label != feature.means, "no wording: the fallback was used"
    assert said.wording.reason.more or said.wording.reason.less
    assert feature.unit in BOOK.units


def test_no_text_names_a_characteristic_or_a_cause() -> None:
    for text in texts(BOOK.model_dump()):
        assert not FORBIDDEN.search(text), text
        assert "because" not in text.lower(), text


def test_the_wording_has_no_entry_for_a_feature_that_does_not_exist() -> None:
    assert set(BOOK.features) <= {feature.name for feature in CATALOGUE}


def test_a_comparison_names_those_it_compares_with() -> None:
    for text in texts(BOOK.model_dump()):
        for inside in re.findall(r"\[(.*?)\]", text):
            assert "{peers}" in inside and re.search(r"\{at_(most|least)\}", inside), text


def test_the_side_that_goes_with_risk_follows_from_the_questionnaire() -> None:
    of = {feature.name: spoken(feature, BOOK, scales_of(INSTRUMENTS)).wording for feature in CATALOGUE}
    assert of["pupil_belonging"].reason.more is None and of["pupil_belonging"].going_well.less is None
    assert of["staff_intent"].reason.less is None and of["staff_intent"].reason.more
    assert of["pupil_belonging_change"].against == "itself"


def test_a_trust_can_change_the_wording_but_not_its_rules(tmp_path: Path) -> None:
    shipped = SHIPPED.read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(shipped.replace("Came late to {value}", "Was late for {value}"), encoding="utf-8")
    assert "Was late" in (load_book(own).features["late_rate_this_year"].reason.more or "")
    for wrong in (
        "Came late because of {value}",
        "Came late to {person_id}",
        "Came late to {value.real}",
        "Came late [{value}",
    ):
        own.write_text(shipped.replace("Came late to {value}", wrong), encoding="utf-8")
        with pytest.raises(ConfigError):
            load_book(own)


def test_a_mistake_in_the_wording_is_named_with_its_place(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(SHIPPED.read_text(encoding="utf-8").replace("or_less:", "or_les:"), encoding="utf-8")
    with pytest.raises(ConfigError, match="or_les") as refused:
        load_book(own)
    assert "own.yaml" in refused.value.problem and "pydantic" not in str(refused.value)


def test_braces_in_a_label_stay_text() -> None:
    assert fill("Record of {label}.", {"label": "{value}"}, compared=False) == "Record of {value}."
    assert "label" in PLACEHOLDERS


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.124, "share", "12%"),
        (0.0, "share", "none"),
        (0.0996, "share", "9.9%"),
        (float(np.float32(0.1)), "share", "10%"),
        (-0.2, "share", "none"),
        (9, "sessions", "9 sessions"),
        (1, "spells", "1 spell of absence"),
        (-0.08, "share points", "8 percentage points"),
        (4.24, "points", "4.2"),
        (0.93, "percentile", "93%"),
        (0.33, "years", "4 months"),
        (2.0, "years", "2 years"),
        (0.02, "years", "less than a month"),
        (1, "weeks", "1 week"),
    ],
)
def test_amounts_read_as_a_tutor_says_them(value: float, unit: str, said: str) -> None:
    assert amount(value, unit, BOOK.units) == said


def test_a_value_that_is_not_known_has_no_words() -> None:
    with pytest.raises(ValueError, match="not known"):
        amount(float("nan"), "share", BOOK.units)


@pytest.mark.parametrize("group", ["school", "year_group", "form"])
def test_what_the_others_do_is_no_praise_of_a_pupil(group: str) -> None:
    said = BOOK.features[f"{group}_absence_rate"]
    assert said.reason.more is not None
    assert (said.going_well.more, said.going_well.less) == (None, None)
