"""How do simulated staff leave, and what do they say beforehand? Prints tables in markdown.

    python benchmarks/simulator_staff.py [SEEDS]

A share is of those in post on 1 September who had given no notice, and counts the notice given in the school year.
The published figures count leaving the school where that is said, and leaving state-funded schools otherwise.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earlywarn.paths import shipped_instruments
from earlywarn.simulate.england.staff import BY_AGE, INTENT, SUPPORT_LEAVER_RATE, subject_leavers
from earlywarn.simulate.holders import Bools, Holders, Texts, joined
from earlywarn.simulate.leaving import PERIODS, period_start, teaches
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.schools import School, make_schools
from earlywarn.simulate.staff import make_staff
from earlywarn.simulate.staff_views import staff_answers
from earlywarn.simulate.surveys import Wave, make_waves
from earlywarn.simulate.trust import stream
from earlywarn.surveys.instrument import Instrument, load_instruments

SCHOOLS, PUPILS, YEARS = 100, 40_000, 2
ENOUGH = 20  # trusts, for a standard error of half a point for most subjects
TURNOVER = {"primary": 0.17, "secondary": 0.18, "special": 0.15}  # November 2022 to 2023 (NFER, 4 March 2025)
REASONS = ("resigned", "retired", "fixed-term-end")
AGES = {"under 35": (0, 35), "35-54": (35, 55), "55 and over": (55, 100)}
SERVICE = {"first year": (0, 1), "years 2 and 3": (1, 3), "years 4 and 5": (3, 5), "later years": (5, 60)}
MONTHS = {9: "September", 10: "October", 1: "January", 2: "February", 4: "April", 5: "May"}
INTENT_ITEM, AGREES = "int_look", 4


@dataclass(frozen=True)
class Staff:
    """The staff of some trusts.

    phase  : (n,) that of the holder's school.
    waves  : how many were asked at all survey waves, answered, ticked the item on leaving, and agreed with it.
    """

    holders: Holders
    phase: Texts
    autumns: tuple[int, ...]
    waves: NDArray[np.int64]


def main() -> None:
    print(staff_table(int(sys.argv[1]) if len(sys.argv) > 1 else 3))


def staff_table(seeds: int) -> str:
    """Return the tables and sentences about the staff of as many trusts, or of enough of them."""
    trusts = min(seeds, ENOUGH)
    staff = simulated(trusts)
    return "\n".join(
        [
            f"{trusts} trusts of {PUPILS:,} pupils in {SCHOOLS} schools, {YEARS} years each. Per cent of those in post",
            "on 1 September who had given no notice. Published figures are of people who left state-funded schools,",
            "fewer than leave a school, unless it says otherwise: compare their ratios by age and subject.\n",
            *leaving(staff),
            "",
            *by_month(staff),
            "",
            says_of_intent(staff),
        ]
    )


def simulated(trusts: int) -> Staff:
    """Return the staff of trusts with seeds 1, 2, .."""
    instruments = load_instruments(shipped_instruments())
    holders, phases, counts = [], [], np.zeros(4, np.int64)
    for seed in range(1, trusts + 1):
        plan = Plan(SCHOOLS, PUPILS, YEARS, current_weeks=0, seed=seed)
        waves = [wave for wave in make_waves(plan) if wave.audience == "staff"]
        for school in make_schools(plan, stream(plan, "schools")):
            mine, asked = _of_school(school, plan, waves, instruments)
            holders.append(mine)
            phases.append(np.full(len(mine), school.phase))
            counts += asked
    return Staff(joined(holders), np.concatenate(phases), plan.school_years, counts)


def _of_school(
    school: School, plan: Plan, waves: list[Wave], instruments: Mapping[str, Instrument]
) -> tuple[Holders, NDArray[np.int64]]:
    """Return a school's staff, and the counts of `Staff.waves` there."""
    rng = stream(plan, "staff", school.number)
    holders = make_staff(school, 0, plan, rng)
    asked = sum(
        int(((holders.joined_on <= wave.opens_on) & holders.in_post(wave.closes_on, wave.closes_on)).sum())
        for wave in waves
    )
    given = [
        answers.given[:, answers.items.index(INTENT_ITEM)]
        for answers in staff_answers(holders, waves, instruments, plan, rng)
    ]
    ticks = np.concatenate(given)
    return holders, np.array([asked, len(ticks), (ticks > 0).sum(), (ticks >= AGREES).sum()])


def leaving(staff: Staff) -> list[str]:
    """Return the lines of the table of who leaves."""
    found: dict[str, NDArray[np.int64]] = {}
    for autumn in staff.autumns:
        for group, there in _groups(staff, autumn).items():
            found[group] = found.get(group, np.zeros(1 + len(REASONS), np.int64)) + _count(staff, there, autumn)
    lines = ["| staff | people | resigned | retired | term ended | left | published |", "|---|---|---|---|---|---|---|"]
    for group, (people, *left) in found.items():
        if people:
            shares = " | ".join(f"{100 * count / people:.1f}" for count in (*left, sum(left)))
            lines.append(f"| {group} | {people:,} | {shares} | {PUBLISHED.get(group, '')} |")
    return lines


def _groups(staff: Staff, autumn: int) -> dict[str, Bools]:
    """Return who belongs to each line of the table, on 1 September of a year."""
    holders, day = staff.holders, period_start(autumn, 0)
    teaching, age = teaches(holders.role), holders.age_on(day)
    served = (day - holders.joined_on).astype(int) / 365
    return {
        **{role: holders.role == role for role in ("teacher", "leader", "teaching assistant", "administration")},
        "support staff": ~teaching,
        "teachers and leaders": teaching,
        **{f"in {phase} schools": teaching & (staff.phase == phase) for phase in TURNOVER},
        **{f"aged {name}": teaching & (age >= low) & (age < high) for name, (low, high) in AGES.items()},
        **{f"{name} in post": teaching & (served >= low) & (served < high) for name, (low, high) in SERVICE.items()},
        **{subject: holders.subject == subject for subject in subject_leavers()},
    }


PUBLISHED = {
    "support staff": f"about {100 * SUPPORT_LEAVER_RATE:.0f}",
    **{f"in {phase} schools": f"left the school: {100 * share:.0f}" for phase, share in TURNOVER.items()},
    **{
        f"aged {name}": f"{100 * (rate.left - rate.retired):.1f} and {100 * rate.retired:.1f} retired"
        for name, rate in BY_AGE.items()
    },
    **{subject: f"{100 * rate.all:.1f}" for subject, rate in subject_leavers().items()},
}


def _count(staff: Staff, group: Bools, autumn: int) -> NDArray[np.int64]:
    """Return how many of a group are in post without notice on 1 September, and then leave for each reason."""
    holders, begins, ends = staff.holders, period_start(autumn, 0), period_start(autumn, PERIODS)
    there = group & (holders.joined_on <= begins) & ~(holders.notice_on < begins)
    given = there & (holders.notice_on < ends)
    return np.array([there.sum(), *((given & (holders.reason == reason)).sum() for reason in REASONS)])


def by_month(staff: Staff) -> list[str]:
    """Return the lines of the table of when teachers and leaders resign."""
    holders = staff.holders
    chosen = (holders.reason == "resigned") & (holders.notice_on >= period_start(staff.autumns[0], 0))
    month = holders.notice_on.astype("datetime64[M]").astype(int) % 12 + 1
    lines = ["| resignations dated in | teachers | leaders |", "|---|---|---|"]
    for number, name in MONTHS.items():
        shares = [np.mean(month[chosen & (holders.role == role)] == number) for role in ("teacher", "leader")]
        lines.append(f"| {name} | {100 * shares[0]:.1f} | {100 * shares[1]:.1f} |")
    return lines


def says_of_intent(staff: Staff) -> str:
    """Return what staff say of leaving, in words."""
    asked, answered, ticked, agreed = staff.waves
    return (
        f"{100 * answered / asked:.0f}% of those asked answer. {100 * agreed / ticked:.1f}% of the answers agree with "
        f"looking for another post within a year; of England's teachers {100 * INTENT[0]:.0f} to "
        f"{100 * INTENT[1]:.0f}% think of leaving state-funded schools."
    )


if __name__ == "__main__":
    main()
