"""What will be tested is written before the data are opened, and nothing else is tested afterwards."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from earlywarn.config import Study
from earlywarn.errors import ConfigError
from earlywarn.study.preregistration import (
    FILE,
    as_markdown,
    preregister,
    refuse_changes,
    refuse_over_study,
    refuse_to_replace,
)
from made_up_study import CONFIG

NOW = preregister(CONFIG)
OTHER = preregister(CONFIG.model_copy(update={"study": Study(measure="brier")}))


def test_anybody_can_take_the_hash_of_the_file() -> None:
    assert NOW.sha256 == sha256(NOW.text.encode()).hexdigest()
    assert preregister(CONFIG).sha256 == NOW.sha256 != OTHER.sha256


def test_where_the_data_lie_is_not_part_of_it() -> None:
    moved = CONFIG.model_copy(update={"data": Path("/somewhere/else")})
    assert preregister(moved) == NOW


def test_that_people_are_left_out_is_part_of_it_but_not_by_which_file() -> None:
    some = preregister(CONFIG.model_copy(update={"exclude": Path("mine.txt")}))
    assert some.content["people_left_out_by_file"] is True
    assert "mine.txt" not in some.text


def test_the_page_says_the_test_the_rule_and_the_hash() -> None:
    page = as_markdown(NOW)
    for said in (NOW.sha256, "what people answered in the latest survey", "lower end of its 95% interval", "6, 19"):
        assert said in page


def test_the_same_test_is_let_through_and_another_is_named(tmp_path: Path) -> None:
    deposited = tmp_path / FILE
    deposited.write_text(NOW.text, encoding="utf-8")
    refuse_changes(deposited, NOW)
    with pytest.raises(ConfigError, match=r"config\.study\.measure: written 'auc', now 'brier'") as refused:
        refuse_changes(deposited, OTHER)
    assert "test.measure" in str(refused.value)
    assert "config.study.adds" not in str(refused.value)


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 99}'])
def test_a_file_that_is_no_preregistration_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=FILE):
        refuse_changes(tmp_path / FILE, NOW)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        refuse_changes(tmp_path / FILE, NOW)


def test_what_was_written_to_be_deposited_is_not_written_over_by_another(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(NOW.text, encoding="utf-8")
    refuse_to_replace(tmp_path, NOW)
    with pytest.raises(ConfigError, match="another pre-registration"):
        refuse_to_replace(tmp_path, OTHER)
    (tmp_path / "study.json").write_text("{}", encoding="utf-8")  # tested since: a study may be replaced
    refuse_to_replace(tmp_path, OTHER)


def test_what_will_be_tested_is_not_written_over_a_finished_study(tmp_path: Path) -> None:
    refuse_over_study(tmp_path)
    (tmp_path / "study.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ConfigError, match="a finished study lies there"):
        refuse_over_study(tmp_path)


def test_it_holds_no_place_on_this_machine() -> None:
    assert "data" not in json.loads(NOW.text)["config"]
