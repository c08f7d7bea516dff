"""A made-up trust that behaves like England: its register, surveys and staff, and the files they are written to.

plan      what is asked for            schools, calendar   where and when
roster, people   who is on roll        latent, mixture     what nobody sees, and England's distribution of it
absence   spells                       marks, events       codes, and what else is written down
surveys   how families answer          staff, staff_views  posts, notice, and how staff answer
folder    the folder                   columns, write      its tables
"""

from earlywarn.simulate.folder import simulate
from earlywarn.simulate.plan import Plan, Simulated

__all__ = ["Plan", "Simulated", "simulate"]
