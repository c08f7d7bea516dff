"""How well: measures, intervals, places, the contest with simple rules."""
