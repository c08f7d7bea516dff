"""From where on a difference is worth an alarm.

Set on made-up trusts in which nothing had changed but the year and the people (`benchmarks/monitor/thresholds.py`,
`benchmarks/cycle/quiet.py --tuning`), and tried on others.
"""

# Distance of a feature's distribution from that of the same place in earlier years: so many times what sets halves of
# the schools, or two earlier years, apart; never less than the floor.
FEATURE_FACTOR, FEATURE_FLOOR = 3.0, 0.15
# The same of the calibrated risk, of which one earlier year is known: a winter with more illness moved it by 0.22.
SCORES = 0.25
# Features that all people of a school share but for a few, since they are made of its calendar: a bank holiday or a day
# of snow moves everyone at once, and means nothing. They are not held against the past.
OF_CALENDAR = frozenset({"possible_sessions_this_year", "year_still_to_come", "needed_to_cross_10"})
# An item against the median of its questionnaire, and that median itself, in standard deviations of the answers.
ITEM, ANSWERS = 0.15, 0.15
# Where few answered, or a school has few pupils, so many standard errors instead.
CHANCE = 4.0
# A school's share of a code, or of those who answer, against its own past and the median of all schools: so many times
# what sets the other schools apart, never less than the floor, in shares.
CODE_FACTOR, CODE_FLOOR = 5.0, 0.15
RESPONSE_FACTOR, RESPONSE_FLOOR = 5.0, 0.25
RESPONSE_TRUST = 0.08  # the whole trust's
# Fewer schools have no median that would mean anything: each is held against its own past alone.
FEWEST_SCHOOLS = 4

# AUC: so much under what the model was tested at is worth a look, or too little to go on with; under the last, no
# list is worth its work. Intervals must lie wholly beyond.
LOST_AUC, STOP_LOST_AUC, STOP_AUC = 0.03, 0.10, 0.60
# People with the outcome for each one expected, or the other way round; worth a look on two dates running, since the
# waves of illness of six weeks took the interval beyond it once in two of ten quiet trusts, and twice running in none.
LOOK_OVER, STOP_OVER = 1.25, 2.0
