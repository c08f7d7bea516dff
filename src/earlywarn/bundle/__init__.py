"""What is kept of a training run: a folder that can be scored from, checked and read by people.

protocol   the format's number and its history       manifest   what a bundle says of itself
write      the next version, whole or not at all      read       a bundle, without trusting it
trees      LightGBM's text, checked before it is built
card       the model card                            record     the algorithmic transparency record
decisions  what was decided about each version, and by whom
"""
