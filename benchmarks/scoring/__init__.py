"""What `benchmarks.score` measures: made-up pupils and trees, ours and its peers, the packs."""
