"""A page for each year group of a school that has listed pupils: the same lists, with their places in the school.

Out: `year-<n>.html` beside the index, `year-not-recorded.html` for those whose year group is not known.
"""

from dataclasses import dataclass
from pathlib import Path

from earlywarn.report.listed import filters_of, lists_of, year_order
from earlywarn.report.page import render, write_page
from earlywarn.report.pupil import Pupil
from earlywarn.report.school import School
from earlywarn.report.words import counted


@dataclass(frozen=True)
class YearLink:
    """Where a year group's page is, and how many of it are listed."""

    year: str
    page: str
    listed: int

    @property
    def title(self) -> str:
        """The year group as a heading."""
        return self.year if self.year[0].isupper() else f"Year group {self.year}"


def year_links(school: School) -> tuple[YearLink, ...]:
    """Return the pages of a school's year groups, youngest first."""
    years: dict[str, list[Pupil]] = {}
    for pupil in sorted(school.listed, key=year_order):
        years.setdefault(pupil.year, []).append(pupil)
    return tuple(YearLink(year, found[0].year_page, len(found)) for year, found in years.items())


def write_year_pages(school: School, folder: Path) -> None:
    """Write the pages of a school's year groups."""
    links = year_links(school)
    for link in links:
        members = [pupil for pupil in school.pupils if pupil.year == link.year]
        page = render(
            "year.html",
            script=True,
            school=school,
            about=school.about,
            here=link,
            links=links,
            lists=lists_of(members),
            filters=filters_of([pupil for pupil in members if pupil.listed]),
            roll=counted(len(members), "pupil", "pupils"),
        )
        write_page(folder / link.page, page)
