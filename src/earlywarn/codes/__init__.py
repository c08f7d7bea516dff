"""Attendance codes by date: data with its sources, and what each code counts as."""

from earlywarn.codes.attendance import Code, Codes, load_codes, register_codes

__all__ = ["Code", "Codes", "load_codes", "register_codes"]
