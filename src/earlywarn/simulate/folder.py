"""A plan becomes a data folder: the tables of a made-up trust, school by school.

In:  a plan, the folder to write and, where the truth is asked for, a model's config.
Out: the folder, and how many rows each of its tables has.

Person numbers become `P000123` for pupils and `S00045` for staff. Memory holds the
people of the trust and the marks of one school's year, however many schools there are.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from earlywarn.config import Config
from earlywarn.paths import shipped_instruments
from earlywarn.progress import bar
from earlywarn.simulate import columns, staff_columns
from earlywarn.simulate.calendar import last_day
from earlywarn.simulate.events import make_events, make_summaries
from earlywarn.simulate.marks import make_marks, spell_reasons
from earlywarn.simulate.plan import Plan, Simulated
from earlywarn.simulate.schools import School
from earlywarn.simulate.staff import make_staff
from earlywarn.simulate.staff_views import spells_of_absence, staff_answers
from earlywarn.simulate.surveys import Wave, family_answers, make_waves
from earlywarn.simulate.trust import Trust, make_trust, stream, years_of
from earlywarn.simulate.truth import write_truth
from earlywarn.simulate.write import TableWriter, new_folder
from earlywarn.surveys.instrument import Instrument, load_instruments


def simulate(plan: Plan, out: Path, truth: Config | None = None) -> Simulated:
    """Write the tables of a made-up trust to `out`, which must be new or empty.

    truth : a model's config; the true probabilities for its dates and outcome are written beside the tables.
    """
    trust = make_trust(plan)
    waves = make_waves(plan)
    instruments = load_instruments(shipped_instruments())
    with new_folder(out) as folder, TableWriter(folder) as tables:
        told = {f"truth/{truth.name}": write_truth(trust, truth, folder)} if truth else {}  # first: it may refuse
        tables.add("schools", columns.schools(trust.schools))
        tables.add("waves", columns.waves(waves))
        staff_met = 0
        with bar("Simulating schools", len(trust.schools)) as shown:
            for school in trust.schools:
                _add_pupils(tables, trust, school, waves, instruments)
                staff_met += add_staff(tables, trust, school, staff_met, waves, instruments)
                shown.advance()
    return Simulated(out, {**tables.rows, **told})


def _add_pupils(
    tables: TableWriter, trust: Trust, school: School, waves: Sequence[Wave], instruments: Mapping[str, Instrument]
) -> None:
    """Write one school's calendar, pupils, marks, answers and events, year by year."""
    plan, until = trust.plan, last_day(trust.plan)
    rng = {part: stream(plan, part, school.number) for part in ("marks", "surveys", "events", "summaries")}
    tables.add("pupils", columns.pupils(trust, school, until))
    for year in years_of(trust, school):
        reason = spell_reasons(year, rng["marks"])
        marks = make_marks(year, reason, until, rng["marks"])
        events = make_events(year, reason, until, rng["events"])
        summaries = make_summaries(year, trust.latent, until, rng["summaries"])
        tables.add("calendar", columns.calendar(year))
        tables.add("attendance", columns.attendance(year, marks))
        tables.add("events", columns.events(events))
        tables.add("attendance_summary", columns.summaries(summaries))
        for answers in family_answers(year, waves, instruments, trust, rng["surveys"]):
            tables.add("responses", columns.responses(answers, "P"))


def add_staff(
    tables: TableWriter,
    trust: Trust,
    school: School,
    met: int,
    waves: Sequence[Wave],
    instruments: Mapping[str, Instrument],
) -> int:
    """Write one school's staff and return how many of them there are; `met` is how many came before."""
    plan, until = trust.plan, last_day(trust.plan)
    rng = stream(plan, "staff", school.number)
    everyone = make_staff(school, met, plan, rng)
    holders = everyone.rows(everyone.joined_on <= until)
    tables.add("staff", staff_columns.staff(holders, plan, until))
    tables.add("leavers", staff_columns.leavers(holders, until))
    tables.add("staff_absence", staff_columns.staff_absence(spells_of_absence(holders, plan, until, rng)))
    for answers in staff_answers(holders, waves, instruments, plan, rng):
        tables.add("responses", columns.responses(answers, "S"))
    return len(everyone)
