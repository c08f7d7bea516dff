"""A small, sound data folder with its questionnaire, to break in one place at a time."""

from collections.abc import Callable
from pathlib import Path

from earlywarn.surveys.instrument import Instrument, Item, Scale
from earlywarn.tables.check import Finding

SOUND = {
    "schools": "school_id,name,phase\n100001,Beech Tree,primary\n100002,Oak Hill,secondary\n",
    "pupils": """\
person_id,school_id,year_group,joined_on,left_on,sen,known_on
ann,100001,5,2023-09-04,,K,2023-09-04
ben,100001,6,2023-09-04,2024-07-19,N,2023-09-04
ben,100002,7,2024-09-02,,N,2024-09-02
""",
    "attendance": """\
person_id,date,session,code,school_id
ann,2024-09-09,AM,/,100001
ann,2024-09-09,PM,I,100001
ben,2024-09-09,AM,L,100002
""",
    "waves": "wave_id,instrument,audience,opens_on,closes_on\nw1,views,pupil,2024-09-16,2024-09-22\n",
    "responses": "wave_id,person_id,item,answer\nw1,ann,likes,4\nw1,ann,belongs,\nw1,ben,likes,2\n",
    "staff": "person_id,school_id,role,contract,joined_on,left_on\nzoe,100001,teacher,permanent,2020-09-01,\n",
}

VIEWS = Instrument(
    name="views",
    audience="pupil",
    title="Views of school",
    source="made up for tests",
    answers=(1, 5),
    scales=(Scale(name="belonging", domain="school", label="belonging", high_means="feels at home"),),
    items=(
        Item(id="likes", scale="belonging", wording="I like it here."),
        Item(id="belongs", scale="belonging", wording="I belong here."),
    ),
)
INSTRUMENTS = {"views": VIEWS}

Write = Callable[..., Path]
Check = Callable[..., tuple[Finding, ...]]


def write_folder(data: Path, **tables: str | None) -> Path:
    """Write the sound folder, with some tables replaced or (None) left out."""
    data.mkdir(parents=True, exist_ok=True)
    for name, text in {**SOUND, **tables}.items():
        (data / f"{name}.csv").unlink(missing_ok=True)
        if text is not None:
            (data / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return data
