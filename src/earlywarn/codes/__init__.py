"""Attendance codes by date: data with its sources, and what each code counts as."""

from earlywarn.codes.attendance import NEW_CODES_FROM, Code, Codes, load_codes, register_codes

__all__ = ["NEW_CODES_FROM", "Code", "Codes", "load_codes", "register_codes"]
