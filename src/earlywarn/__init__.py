"""earlywarn: an early-warning toolkit for English schools.

The package reads in the order the data flow:

tables    what comes in, checked          register, surveys   marks and answers
cohort    who, on which as-of dates       features | labels   before the date | after it
model     folds, rules, fit, calibrate    evaluate, audit, explain   how well, for whom, why
bundle    what is kept                    score, report       who is on roll today, pages

`earlywarn.run` holds one function for each command; importing the package does nothing.
"""

__version__ = "0.1.0"
