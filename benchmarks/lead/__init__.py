"""Does the study of lead indicators find what was planted, and nothing else?"""
