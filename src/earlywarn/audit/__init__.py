"""For whom the model works less well: groups, measures, gaps, and what they say in words.

`audit.audit` makes an `Audit`; `sharing.shared` hides what is too small to show beyond the school.
"""
