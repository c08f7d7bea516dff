"""How often `monitor` raises an alarm over nothing, whether it raises one over something, how near its estimate comes.

thresholds  a trust's last year watched by a model that was trained on the years before, in memory
"""
