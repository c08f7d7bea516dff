"""Whole commands on trusts of 8,000 and of 100,000 pupils: how long, and how much memory."""
