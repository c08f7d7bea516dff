"""Studies of the model on made-up schools, whose truth is known.

country     the schools: their rows to learn from and to be judged on, gathered once
in_memory   how a made-up trust becomes what features and labels are computed from, without a file
recipes     the recipe that every study fits, its settings tuned once for each size
observable  how near the model comes to the best that can be seen
calibrated  how near its probabilities come to the true ones
coverage    how often the interval of a difference holds the true one
page        docs/models.md
"""
