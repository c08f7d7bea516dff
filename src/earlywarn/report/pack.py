"""The pack a school opens on Monday, its own pupils only.

In:  what a scores folder holds (`report/contents.py`).
Out: for each school a folder `<out>/<school_id>/` with the lists (`index.html`), a page for each year group, a sheet
     for each listed pupil, and all scored pupils as a table (`pupils.csv`, `pupils.xlsx`).
"""

from pathlib import Path

from earlywarn.report.bands import bands_of
from earlywarn.report.benchmarks import benchmark_section
from earlywarn.report.contents import PackContents
from earlywarn.report.listed import filters_of, lists_of
from earlywarn.report.page import file_name, render, write_page
from earlywarn.report.pupil_files import write_pupil_files
from earlywarn.report.school import School, schools_of
from earlywarn.report.sheet import write_sheets
from earlywarn.report.words import counted, day
from earlywarn.report.year_pages import write_year_pages, year_links
from earlywarn.score.list_log import Log


def write_packs(contents: PackContents, out: Path) -> list[Path]:
    """Write a pack for every school of the scores; return their folders."""
    return [_write_pack(school, contents.log, out / file_name(school.school_id)) for school in schools_of(contents)]


def _write_pack(school: School, log: Log, folder: Path) -> Path:
    write_page(folder / "index.html", _index(school))
    write_year_pages(school, folder)
    write_sheets(school, folder)
    write_pupil_files(folder, school.pupils, school.about, log)
    return folder


def _index(school: School) -> str:
    """Return the page with a school's lists."""
    return render(
        "pack.html",
        script=True,
        school=school,
        about=school.about,
        lists=lists_of(school.pupils),
        filters=filters_of(school.listed),
        years=year_links(school),
        bands=bands_of(school.pupils, school.about.outcome_words),
        beside=benchmark_section(school.benchmarks, school.school_id),
        earlier=f"list of {day(school.about.earlier)}" if school.about.earlier else "earlier list",
        lined=any(pupil.list != "everyone" for pupil in school.pupils),
        roll=counted(len(school.pupils), "pupil", "pupils"),
    )
