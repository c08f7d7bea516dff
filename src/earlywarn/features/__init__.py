"""What was known before the date: the catalogue of features, and the matrix they make."""
