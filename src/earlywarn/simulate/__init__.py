"""A made-up trust that behaves like England: its register, surveys and staff, and the files they are written to.

plan      what is asked for            scenarios           shocks on which a method can be tried
england   published figures            schools, calendar   where and when
roster, people   who is on roll        latent, engagement  what nobody sees
mixture, shifts, season, propensity    how readily each pupil is absent, week by week
spells, absence  which sessions        marks, events       codes, and what else is written down
surveys   how families answer          posts, holders, leaving, staff   who is in post, and by what law they leave
staff_views  how staff answer          folder    the folder
columns, staff_columns, write          its tables
truth     what will happen, and how likely it was          rates   what is held against England
"""

from earlywarn.simulate.folder import simulate
from earlywarn.simulate.plan import DOMAINS, Plan, Simulated
from earlywarn.simulate.scenarios import SCENARIOS

__all__ = ["DOMAINS", "SCENARIOS", "Plan", "Simulated", "simulate"]
