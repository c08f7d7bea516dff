"""A pack's pupils as rows of text: the same for the CSV file and the spreadsheet.

All scored pupils of a school have a row; what stands out, and the likelihood, only those who are listed.
"""

from earlywarn.phrases import list_name
from earlywarn.report.about import PackAbout
from earlywarn.report.pupil import Pupil

HEADER = (
    "list", "listed", "place", "person_id", "name", "year_group", "form", "band", "likely", "risk_percent", "reason_1",
    "reason_2", "reason_3", "reason_4", "going_well", "not_known", "since_last_list", "read_first", "delete_by",
)  # fmt: skip
_MOST_REASONS = 4


def cells(pupil: Pupil, about: PackAbout) -> tuple[str, ...]:
    """Return a pupil's cells under `HEADER`."""
    year = "" if pupil.year_group is None else str(pupil.year_group)
    which, last = list_name(pupil.list).lower(), about.delete_by.isoformat()
    who = (pupil.person_id, pupil.name, year, pupil.form, pupil.band)
    if not pupil.listed:
        return (which, "no", "", *who, *[""] * (len(HEADER) - len(who) - 4), last)
    place = "" if pupil.place is None else str(pupil.place)
    reasons = [*pupil.reasons, *[""] * _MOST_REASONS][:_MOST_REASONS]
    notes = (" ".join(pupil.going_well), " ".join(pupil.not_known), " ".join(pupil.since), " · ".join(pupil.marks))
    return (which, "yes", place, *who, pupil.likely, pupil.percent, *reasons, *notes, last)
