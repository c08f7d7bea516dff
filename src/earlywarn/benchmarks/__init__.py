"""Contextual benchmarks: what a school's people say, and how often they are absent, beside others like them.

The flow: `measured` (one measure of everyone, from what was known before the date), `divided` (who is in which group),
`likes` (what others like each person say), `cells` (a group's means, and which of them may not be shown),
`make` (the records), `record` (a record, and its file).
"""

from earlywarn.benchmarks.make import benchmarks_of
from earlywarn.benchmarks.record import Benchmark, Measure, read_benchmarks, write_benchmarks

__all__ = ["Benchmark", "Measure", "benchmarks_of", "read_benchmarks", "write_benchmarks"]
