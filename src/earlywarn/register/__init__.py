"""The register as a matrix: one byte a mark, one row a pupil, one column a session.

block     the marks of one school, and the slice of them that was known before a day
rows      marks on their way into a block, and those of the same pupils at other schools
pack      from the checked marks to blocks, school by school as they stream by
calendar  the school's calendar, or what the term dates or the marks say of it
"""

from earlywarn.register.block import Block, LateMarks, Marks, Slice
from earlywarn.register.calendar import calendars_of
from earlywarn.register.pack import Register, pack_register, stream_blocks

__all__ = ["Block", "LateMarks", "Marks", "Register", "Slice", "calendars_of", "pack_register", "stream_blocks"]
