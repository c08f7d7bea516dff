"""Broken input: told with its file, line and remedy, by `check` and by `train`, and nothing half-written.

The rules one by one are under tests/spec/tables; here they come through the commands.
"""

from pathlib import Path

import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
import yaml

from command_line import Ran, earlywarn_apart, earlywarn_here, quick_config
from small_folder import SOUND, VIEWS, write_folder

# what is broken, its table, what the table holds then, and what must be said: code, place, remedy
BROKEN = [
    ("unknown code", "attendance", SOUND["attendance"] + "ann,2024-09-10,AM,QQ,100001\n",
     ("EW101", "attendance.csv: line 5", "sub-codes")),
    ("impossible date", "attendance", SOUND["attendance"] + "ann,2024-02-30,AM,/,100001\n",
     ("EW006", "attendance.csv: line 5", "YYYY-MM-DD")),
    ("duplicate session", "attendance", SOUND["attendance"] + "ann,2024-09-09,AM,I,100001\n",
     ("EW103", "attendance.csv: line 5", "one row")),
    ("pupil without a school", "pupils", SOUND["pupils"] + "cat,,5,2023-09-04,,K,\n",
     ("EW007", "pupils.csv: line 5", "fill it")),
    ("pupil of a school that is not there", "pupils", SOUND["pupils"] + "cat,999999,5,2023-09-04,,K,\n",
     ("EW222", "pupils.csv: line 5", "add the school")),
    ("missing column", "pupils", "person_id,school_id,joined_on\nann,100001,2023-09-04\n",
     ("EW004", "pupils.csv lacks year_group", "add the column")),
    ("empty table", "schools", "school_id,name,phase\n",
     ("EW001", "schools.csv", "export")),
    ("wave that closes before it opens", "waves", SOUND["waves"] + "w2,views,pupil,2024-09-22,2024-09-16\n",
     ("EW302", "waves.csv: line 3", "opens_on")),
    ("answer out of range", "responses", SOUND["responses"] + "w1,ben,belongs,6\n",
     ("EW313", "responses.csv: line 5", "range")),
    ("broken quote", "schools", 'school_id,name,phase\n100001,"Beech Tree,primary\n100002,Oak Hill,secondary\n',
     ("EW005", "schools.csv: line 2", "close the quote")),
]  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The pupil model's config with the questionnaire of the small folder beside it."""
    questionnaires = tmp_path / "configs" / "instruments"
    questionnaires.mkdir(parents=True)
    (questionnaires / "views.yaml").write_text(yaml.safe_dump(VIEWS.model_dump(mode="json")), encoding="utf-8")
    return quick_config(tmp_path / "configs", "pupil-absence")


@pytest.mark.parametrize(("table", "text", "said"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_table_is_told_and_nothing_is_written(
    config: Path, tmp_path: Path, table: str, text: str, said: tuple[str, ...]
) -> None:
    data = write_folder(tmp_path / "data", **{table: text})
    checked = earlywarn_here("check", data, "--config", config, "--private", tmp_path / "private")
    trained = _train(config, data, tmp_path)
    assert (checked.code, trained.code) == (11, 11)
    for words in (checked.out, trained.err):
        assert all(word in " ".join(words.split()) for word in said)
        assert not {"ann", "ben", "cat"} & set(words.replace(",", " ").split()), "a message names no one"
    _nothing_is_written(tmp_path)


def test_a_truncated_parquet_file(config: Path, tmp_path: Path) -> None:
    data = write_folder(tmp_path / "data")
    pq.write_table(pacsv.read_csv(data / "attendance.csv"), data / "attendance.parquet")
    (data / "attendance.csv").unlink()
    whole = (data / "attendance.parquet").read_bytes()
    (data / "attendance.parquet").write_bytes(whole[: len(whole) // 2])
    ran = _train(config, data, tmp_path)
    assert ran.code == 11
    assert "EW003: a file can be read; attendance.parquet is not a whole Parquet file" in ran.err
    assert "fix: export it again" in ran.err
    _nothing_is_written(tmp_path)


def test_a_folder_that_is_not_there(config: Path, tmp_path: Path) -> None:
    ran = _train(config, tmp_path / "dtaa", tmp_path)
    assert ran.code == 11
    assert "dtaa" in ran.err
    _nothing_is_written(tmp_path)


def test_an_as_of_after_the_data(config: Path, tmp_path: Path) -> None:
    data = write_folder(tmp_path / "data")
    quick_config(config.parent, "pupil-absence", as_of={"dates": ["2023-11-06", "2031-11-03"]})
    ran = _train(config, data, tmp_path)
    assert ran.code == 10
    assert "2031-11-03" in ran.err
    assert "fix: " in ran.err
    _nothing_is_written(tmp_path)


def test_a_typo_in_the_config_before_any_data_are_read(config: Path, tmp_path: Path) -> None:
    quick_config(config.parent, "pupil-absence", outcome={"kind": "absence_rate", "treshold": 0.2})
    ran = _train(config, tmp_path / "not-read", tmp_path)
    assert ran.code == 10
    assert "outcome.treshold (line " in ran.err
    _nothing_is_written(tmp_path)


def test_the_same_from_a_shell(config: Path, tmp_path: Path) -> None:
    data = write_folder(tmp_path / "data", schools=None)
    ran = earlywarn_apart("train", config, "--data", data, cwd=tmp_path)
    assert (ran.code, ran.out) == (11, "")
    assert "TableError: EW001" in ran.err
    assert "Traceback" not in ran.err
    assert earlywarn_apart("trian", cwd=tmp_path).code == 2
    _nothing_is_written(tmp_path)


def _train(config: Path, data: Path, folder: Path) -> Ran:
    places = ("--out", folder / "models", "--private", folder / "private", "--mlruns", folder / "mlruns")
    return earlywarn_here("train", config, "--data", data, *places)


def _nothing_is_written(folder: Path) -> None:
    """Beside the input there is at most the list of rejects, which names lines and no one."""
    given = {"configs", "data"}
    written = [path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).parts[0] not in given]
    assert {path.name for path in written} <= {"rejects.csv"}
