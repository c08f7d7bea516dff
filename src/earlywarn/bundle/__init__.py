"""What is kept of a training run: a folder that can be scored from, checked and read by people.

protocol   the format's number and its history            manifest   what a bundle says of itself
write      the next version, whole or not at all          read       a bundle, without trusting it

What `read` asks, in this order:

files      are these its files, of their size, with their hashes?    signature  who stands behind it?
forms      does the JSON say what it should?                         trees      is LightGBM's text safe to build?
golden     does this machine give made-up rows their scores?         verify     all that, in words
reference  what did the data look like in training?

decisions  what was decided about each version, and by whom          decision_log  the file that holds it
listing    every version, with what it is used for                   champion      the one in use, as a contender
"""
