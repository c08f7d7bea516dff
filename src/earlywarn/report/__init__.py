"""Pages for people: the model report, the audit, a pack per school, the overviews.

In:  facts that were collected before (`metrics.json`, `audit.json`, scores).
Out: HTML that opens offline, prints well and asks the network for nothing, and CSV beside the packs.

A page does no arithmetic beyond placing and wording what it is given: Python
gathers what a page shows into frozen dataclasses, a template loops over them.
"""
