"""Answers to scale scores: questionnaires, scoring, answer quality."""
