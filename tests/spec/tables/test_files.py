"""Files as schools send them: broken, compressed, with quotes, twice, or not there."""

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from earlywarn.errors import TableError
from earlywarn.tables.store import Store, check_folder, open_store
from small_folder import INSTRUMENTS, SOUND, Check, Write


def opened(data: Path, tmp_path: Path) -> Store:
    return open_store(data, private=tmp_path / "private", instruments=INSTRUMENTS)


def test_a_needed_table_that_is_missing_stops(found: Check) -> None:
    (finding,) = found(attendance=None)
    assert finding.code == "EW001"
    assert "attendance or attendance_summary" in str(finding)
    assert "attendance.csv" in finding.fix


@pytest.mark.parametrize("text", ["", "school_id,name,phase\n"])
def test_a_needed_table_without_rows_stops(found: Check, text: str) -> None:
    (finding,) = found(schools=text)
    assert (finding.code, finding.file, finding.effect) == ("EW001", "schools.csv", "stops")


def test_an_optional_table_without_rows_counts_as_absent(folder: Write, tmp_path: Path) -> None:
    with opened(folder(staff=SOUND["staff"].splitlines()[0] + "\n"), tmp_path) as store:
        assert "staff" not in store.present
        assert "EW011" in {finding.code for finding in store.findings}


def test_two_files_for_one_table_stop(folder: Write, tmp_path: Path) -> None:
    data = folder()
    (data / "pupils.csv.gz").write_bytes(gzip.compress(SOUND["pupils"].encode()))
    (finding,) = check_folder(data, tmp_path / "private", INSTRUMENTS)[1]
    assert finding.code == "EW002"
    assert "pupils.csv and pupils.csv.gz" in str(finding)


def test_a_needed_column_that_is_missing_is_named(found: Check) -> None:
    (finding,) = found(pupils="person_id,school_id,joined_on\nann,100001,2023-09-04\n")
    assert finding.code == "EW004"
    assert "pupils.csv lacks year_group" in str(finding)


def test_a_column_that_stands_twice_is_named(found: Check) -> None:
    (finding,) = found(schools="school_id,phase,Phase\n100001,primary,primary\n")
    assert (finding.code, "phase twice" in str(finding)) == ("EW004", True)


BROKEN_LINES = [
    ("100001,Beech Tree\n100002,Oak Hill,secondary\n", (2,), "fewer"),
    ("100001,Beech Tree,primary\n100002,Oak, Hill,secondary\n", (3,), "more"),
    ('100001,"Beech Tree,primary\n100002,Oak Hill,secondary\n', (2,), "quote"),
    ('100001,"Beech" Tree,primary\n100002,Oak Hill,secondary\n', (2,), "quote"),
    ('100001,"Beech\nTree",primary\n100002,Oak Hill\n', (4,), "fewer"),
    ("100001,Beech,primary\n\n\n100002,Oak Hill\n", (5,), "fewer"),
]


@pytest.mark.parametrize(("rows", "lines", "word"), BROKEN_LINES)
def test_a_line_of_the_wrong_form_stops_with_its_place(
    found: Check, rows: str, lines: tuple[int, ...], word: str
) -> None:
    (finding,) = found(schools=f"school_id,name,phase\n{rows}")
    assert (finding.code, finding.file, finding.lines) == ("EW005", "schools.csv", lines)
    assert word in finding.rule


def test_a_byte_order_mark_moves_no_line(found: Check) -> None:
    (finding,) = found(schools="\ufeffschool_id,name,phase\n100001,Ash,primary\n100002,Oak\n")
    assert (finding.code, finding.lines) == ("EW005", (3,))


@pytest.mark.parametrize("column", ["name", "notes"])
def test_two_stray_quotes_do_not_swallow_the_rows_between_them(found: Check, column: str) -> None:
    rows = '100001,"Beech,primary\n100003,Ash,primary\n100002,Oak",secondary\n100004,Elm,primary\n'
    (finding,) = found(schools=f"school_id,{column},phase\n{rows}")
    assert (finding.code, finding.column, finding.lines) == ("EW006", column, (2,))
    assert "close the quote" in finding.fix


def test_a_line_break_in_an_identifier_is_a_lost_quote(found: Check) -> None:
    (finding,) = found(pupils=SOUND["pupils"] + '"cat\ndan",100001,5,2023-09-04,,K,\n')
    assert (finding.code, finding.column, finding.lines) == ("EW006", "person_id", (5,))


def test_a_line_break_in_a_quoted_text_keeps_the_line_numbers_below_it(found: Check) -> None:
    rows = '100001,"Beech\nTree",primary\n\n100002,Oak Hill,secondary\n100001,Beech,primary\n'
    (finding,) = [f for f in found(schools=f"school_id,name,phase\n{rows}") if f.effect == "stops"]
    assert (finding.code, finding.lines) == ("EW201", (6,))


def test_a_file_that_is_not_utf8_stops(folder: Write, tmp_path: Path) -> None:
    data = folder()
    (data / "schools.csv").write_bytes("school_id,name,phase\n100001,Château,primary\n".encode("latin-1"))
    (finding,) = check_folder(data, tmp_path / "private", INSTRUMENTS)[1]
    assert (finding.code, finding.lines, finding.fix) == ("EW005", (2,), "save it as CSV UTF-8")
    (data / "schools.csv").write_bytes("school_id,name,phase\n".encode("utf-16"))
    (finding,) = check_folder(data, tmp_path / "private", INSTRUMENTS)[1]
    assert finding.code == "EW003"


def test_truncated_files_stop_by_name(folder: Write, tmp_path: Path) -> None:
    data = folder(schools=None, pupils=None)
    pq.write_table(pa.table({"school_id": ["100001"], "phase": ["primary"]}), data / "schools.parquet")
    whole = (data / "schools.parquet").read_bytes()
    (data / "schools.parquet").write_bytes(whole[:-20])
    (data / "pupils.csv.gz").write_bytes(gzip.compress(SOUND["pupils"].encode())[:40])
    with pytest.raises(TableError) as stopped:
        opened(data, tmp_path)
    assert "schools.parquet is not a whole Parquet file" in str(stopped.value)
    assert "pupils.csv.gz" in str(stopped.value)


def test_compressed_and_parquet_files_read_as_the_csv_does(folder: Write, tmp_path: Path) -> None:
    with opened(folder(), tmp_path) as store:
        plain = {name: store.db.sql(f"FROM {name} ORDER BY line").fetchall() for name in ("pupils", "schools")}
    data = folder()
    for name in ("pupils", "schools"):
        (data / f"{name}.csv").unlink()
    (data / "pupils.csv.gz").write_bytes(gzip.compress(("\ufeff" + SOUND["pupils"].replace("\n", "\r\n")).encode()))
    pq.write_table(
        pa.table(
            {"School_ID": [100001, 100002], "name": ["Beech Tree", "Oak Hill"], "phase": ["primary", "secondary"]}
        ),
        data / "schools.parquet",
    )
    with opened(data, tmp_path) as store:
        assert store.db.sql("FROM pupils ORDER BY line").fetchall() == plain["pupils"]
        schools = store.db.sql("FROM schools ORDER BY line").fetchall()
    assert [row[:-1] for row in schools] == [row[:-1] for row in plain["schools"]]
    assert [row[-1] for row in schools] == [1, 2]  # rows of a Parquet file are counted from 1


def test_the_digest_follows_the_bytes_only(folder: Write, tmp_path: Path) -> None:
    digests = []
    for name in ("Beech Tree", "Beech Tree", "Birch Tree"):
        with opened(folder(schools=SOUND["schools"].replace("Beech Tree", name)), tmp_path) as store:
            digests.append(store.digest)
    assert digests[0] == digests[1] != digests[2]


def test_closing_the_store_leaves_nothing(folder: Write, tmp_path: Path) -> None:
    with opened(folder(), tmp_path) as store:
        assert store.path.exists()
    assert list((tmp_path / "private").iterdir()) == []
