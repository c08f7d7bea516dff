"""One printable page for each listed pupil: what to know before a conversation, and room for what came of it.

Out: `pupils/<person_id>.html` in the school's pack; the id is written as a file name can hold it.
"""

from collections import Counter
from pathlib import Path

from earlywarn.phrases import list_name
from earlywarn.report.page import render, write_page
from earlywarn.report.pupil import Pupil
from earlywarn.report.school import School


def write_sheets(school: School, folder: Path) -> None:
    """Write the sheets of a school's listed pupils."""
    lengths = Counter(pupil.list for pupil in school.listed)
    for pupil in school.listed:
        page = render(
            "sheet.html",
            pupil=pupil,
            school=school.name,
            about=school.about,
            where=_where(pupil, lengths[pupil.list]),
        )
        write_page(folder / pupil.sheet_file, page)


def _where(pupil: Pupil, length: int) -> str:
    """Return the list and the place on it: "May cross the line, place 3 of 25"."""
    title = list_name(pupil.list)
    return title if pupil.place is None else f"{title}, place {pupil.place} of {length}"
