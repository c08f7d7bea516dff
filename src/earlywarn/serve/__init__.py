"""The service: a school's own lists and people, over HTTP on this machine, and nothing else.

    held       what is shown, school by school, in memory only
    tokens     who may ask, for which school, until when
    guard      what every request passes: host, method, size, rate; what every answer carries
    app        the routes
    loopback   the port, and the stop

It reads and never writes, but for the access log. Scores are computed once, at the start, as `earlywarn score`
computes them.
"""
