"""People on roll today: who is on which list, at what place, and why."""
