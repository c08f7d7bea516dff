"""What was known before a date, table by table."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from earlywarn.tables.known import known_before, people_as_known
from earlywarn.tables.store import Store, open_store
from small_folder import INSTRUMENTS, write_folder

AS_OF = date(2024, 9, 23)

TABLES = {
    "pupils": """\
person_id,school_id,year_group,joined_on,left_on,sen,known_on
ann,100001,5,2022-09-05,,N,2023-09-04
ann,100001,6,2022-09-05,,K,2024-09-02
ann,100001,6,2022-09-05,2024-09-27,E,2024-09-23
ben,100002,7,2024-09-02,,N,2024-09-30
cat,100001,8,2021-09-06,2024-07-19,K,
dan,100002,9,2023-09-04,2025-07-18,K,
""",
    "attendance": """\
person_id,date,session,code,school_id,known_on
ann,2024-09-20,AM,N,100001,2024-09-20
ann,2024-09-20,AM,I,100001,2024-09-23
dan,2025-09-08,AM,/,100002,2025-09-08
""".replace("2025-09-08", "2025-07-07"),
    "waves": """\
wave_id,instrument,audience,opens_on,closes_on
w1,views,pupil,2024-09-16,2024-09-22
w2,views,pupil,2024-09-16,2024-09-23
""",
    "responses": "wave_id,person_id,item,answer\nw1,ann,likes,4\nw2,ann,likes,2\n",
    "interventions": """\
person_id,kind,starts_on,ends_on
ann,mentor,2024-09-10,2024-09-22
ann,meals,2024-09-10,2024-09-23
ann,taxi,2024-09-23,
""",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    data = write_folder(tmp_path / "data", **TABLES)
    with open_store(data, private=tmp_path / "private", instruments=INSTRUMENTS) as opened:
        yield opened


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    return store.db.execute(query).fetchall()


def test_a_correction_made_on_the_day_is_not_known_yet(store: Store) -> None:
    assert rows(store, f"SELECT line FROM {known_before('attendance', AS_OF)}") == [(2,)]


def test_a_wave_that_closed_on_sunday_serves_monday(store: Store) -> None:
    assert rows(store, f"SELECT wave_id FROM {known_before('waves', AS_OF)}") == [("w1",)]
    assert rows(store, f"SELECT answer FROM {known_before('responses', AS_OF)}") == [(4.0,)]


def test_help_that_has_not_ended_has_no_end(store: Store) -> None:
    found = rows(store, f"SELECT kind, ends_on FROM {known_before('interventions', AS_OF)} ORDER BY line")
    assert found == [("mentor", date(2024, 9, 22)), ("meals", None)]


def test_the_latest_row_known_by_then_counts(store: Store) -> None:
    found = rows(
        store, f"SELECT year_group, sen, left_on, dated FROM {people_as_known('pupils', AS_OF)} WHERE person_id = 'ann'"
    )
    assert found == [(6, "K", None, True)]


def test_someone_known_only_later_is_not_there(store: Store) -> None:
    assert rows(store, f"SELECT 1 FROM {people_as_known('pupils', AS_OF)} WHERE person_id = 'ben'") == []


def test_undated_rows_move_the_year_group_and_hide_the_future(store: Store) -> None:
    query = "SELECT person_id, year_group, left_on FROM {} WHERE NOT dated ORDER BY line"
    assert store.today == date(2025, 7, 7)  # an undated year group is that of today's school year
    assert rows(store, query.format(people_as_known("pupils", AS_OF))) == [
        ("cat", 8, date(2024, 7, 19)),
        ("dan", 9, None),
    ]
    assert rows(store, query.format(people_as_known("pupils", date(2024, 7, 31)))) == [
        ("cat", 7, date(2024, 7, 19)),
        ("dan", 8, None),
    ]
    fixed = people_as_known("pupils", date(2024, 7, 31), fixed=("year_group",))
    assert rows(store, query.format(fixed))[1] == ("dan", 9, None)


def test_only_tables_of_the_spec_can_be_asked_for() -> None:
    for table in ("pupils", "marks; DROP TABLE codes"):
        with pytest.raises(ValueError, match="not a table"):
            known_before(table, AS_OF)
    with pytest.raises(ValueError, match="not a table of people"):
        people_as_known("events", AS_OF)
