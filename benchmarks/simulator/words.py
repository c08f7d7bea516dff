"""The words of docs/simulator.md that no run can change, and its tables of options and scenarios."""

import typer

from earlywarn.cli import app
from earlywarn.simulate.scenarios import SCENARIOS

TITLE = """\
# The simulator

    earlywarn simulate DIR

writes the data folder of a made-up trust: primaries, secondaries and special schools over some school years, with a
calendar, marks, survey waves of pupils, parents and staff, events, posts, absences and leavers. No person in it
exists. The same options and the same seed give the same bytes.

It is for three things. Everyone first meets the toolkit on it, since no register of pupils can be published. Claims
about a method can be tested on it, since the truth is known. And speed is measured on it. What it cannot say is how
good a model will be for you: whatever is found here is found in a world whose rules we wrote. Only your own data
can say that.
"""

OPTIONS = """\
## How to run it

    earlywarn simulate trust --schools 20 --pupils 8000 --years 3 --seed 1
    earlywarn simulate drifting --scenario drift --engagement-effect 0
    earlywarn simulate known --truth configs/pupil-absence.yaml
"""

SCENARIOS_SAY = """\
A shock begins with the last complete school year; a biased survey, equal groups and late warnings hold in every year.
A late warning plants a gap in recall: with absence to date and last year's, a list of 5 to 20% of the roll, of everyone
at a school, finds about 7 in 100 fewer of the group's pupils who will miss 10% or more after early February than of the
others'; among equal groups nothing else sets them apart. On the list of those below 10% so far the gap is smaller.
"""

TRUTH = """\
### The truth, kept apart

`--truth CONFIG` writes `truth/` beside the tables: for every enrolment, on that config's dates and for its outcome,
the probability given what is hidden on that date. True calibration, true gaps between groups and the ceiling that
even perfect knowledge has can be computed from it. Nothing else reads it, and no model may.

Known on the date are a pupil's propensity, drift and engagement, the school's effect, the week's height of illness and
the spells that go on; what comes after is drawn 400 times from there (standard error 0.025 at one half), and of staff
it is computed exactly. Who leaves and when, training days and snow are taken as they happen. Waves of illness are
shared, so that one trust's outcomes stand a little above or below their probabilities together.
"""

PROCESS = """\
## How it works

1. **Schools and pupils.** Schools differ in size, intake and in an effect of their own that lasts from year to
   year. Pupils have the published shares of free meals, special needs (twice as common among those on free meals),
   languages and ethnic groups; of one in a hundred nothing is recorded, and these are absent far more often. Pupils
   join, leave and move up, from a primary to the secondary that it feeds; some are registered at two schools.
2. **Hidden propensity.** Each pupil has a propensity to be absent, standard normal, that lasts the year and is
   correlated with the year before; a drift from week to week; engagement, by the knob; and what school, year group,
   sex and ethnicity add. Weights are such that the sum stays standard normal in every group.
3. **Tendency.** The propensity becomes a chance to be absent from a session, by a two-part mixture of beta
   distributions for each phase, free meals and needs. Its parameters are those with which simulated years fall into
   England's bands of absence.
4. **Spells.** Spells of absence begin by chance, a Poisson stream for each pupil, more often on a Friday, and last
   from half a day to several weeks. Terms, the weeks within them and waves of illness, of the trust and of each
   school, raise and lower everyone's. Nothing that happens later depends on how often a pupil was away so far, only
   on what is hidden and on spells that still go on, so that the future can be drawn anew from any day: that is how
   the truth is made.
5. **Marks.** Each spell gets a reason by its length, the pupil and the time of year: holidays beside breaks, study
   leave in Year 11, suspensions and part-time timetables for those often away. Codes are those in force on the
   date. Some marks are first `N` and are corrected days later, with the day on which the correction was known. Snow
   closes schools for a day.
6. **Surveys.** Cognitive, emotional and behavioural engagement drift from wave to wave. Answers rest on them, on
   absence so far, on the year group (enjoyment falls by 2.8 of 10 points from Year 6 to Year 8) and on chance. Who
   is often away answers less often. The effect knob says how far engagement moves later absence beyond what absence
   to date tells: 1, the default, is a partial correlation of -0.10 of what acts at the autumn's wave with
   absence in the spring, given absence up to that wave. Pupils on free meals, with special needs and Black pupils
   say that they are less engaged, as published; that gap acts on nothing. At 0, answers and response depend on
   marks already made only.
7. **Staff.** Posts are held by one person after another. The chance to resign goes by role, phase, subject, age and
   time in post, and by morale as far as the knob says; notice falls before the three dates of the teachers'
   calendar. Retirements and ends of fixed terms are no resignations. Intent to leave follows morale, and overstates
   leaving.
"""

BESIDE = """\
## Beside England

Every figure is followed by its standard error (± over trusts), and by England's in brackets where one is published.
Where a limit was set beforehand the table is judged; where none was, it says how large the largest difference is.
Per cent, unless a table says otherwise. Limits: persistent absence within 1.5 points (special schools 3, by term
3), every band within 1 point, correlations within 0.05, shares of codes within 20% of their value, and an AUC of
characteristics alone within 0.02.
"""

GAPS = """\
## Known gaps

- Every simulated year is like one year of England's, the reference year. Between years nothing changes but by a
  scenario.
- England's figures are of different years where no others are published: schools' spread of 2018/19, codes of
  2025/26, needs and ethnicity of 2024/25. Terms, weeks and weekdays are indicative daily data, up to a point above
  the census.
- England's 0.63 from year to year is published for the move from Year 6 to Year 7 alone. Here all years together
  come out so, and that move lower: with the two at once within 0.05 a pupil would have to change less in the summer
  of that move than in any other.
- The autumn's curve is the mean of 2022 and 2023. A single wave of illness is drawn at another time in each trust.
- By ethnicity only a few cells are published; the sizes of the others are ours. The same holds for the weights of
  the drift from week to week, of the waves of illness, and for what else makes a pupil late.
- No coefficient of engagement on later absence was found in print: the default is an assumption, and it is small on
  purpose.
- By subject and age, teachers are published as they leave state-funded schools altogether; more leave a school. Only
  the ratios can be held against each other.
- There is no alternative provision, no boarding and no nursery; reception is there but is published apart.
- Exports are clean: yours will not be. `earlywarn check` is for that.
"""


def options_table() -> str:
    """Return every option of the command, as the command itself explains it."""
    command = typer.main.get_command(app).commands["simulate"]  # type: ignore[attr-defined]
    lines = ["| option | default | what it does |", "|---|---|---|"]
    for option in command.params:
        if option.param_type_name == "option":
            default = option.default if isinstance(option.default, int | float) and not option.is_flag else ""
            lines.append(f"| `{option.opts[0]}` | {default} | {option.help} |")
    return "\n".join(lines)


def scenarios_table() -> str:
    """Return the scenarios, by name."""
    lines = ["### Scenarios", "", "| `--scenario` | what is out of the ordinary |", "|---|---|"]
    lines += [f"| `{name}` | {scenario.says} |" for name, scenario in SCENARIOS.items()]
    return "\n".join([*lines, "", SCENARIOS_SAY])
