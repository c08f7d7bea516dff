"""Why a score is what it is: contributions summed by theme, then said in a form tutor's words."""
