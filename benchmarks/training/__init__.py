"""What `benchmarks.train` measures: rows to learn from, boosters side by side, and the search for settings."""
