"""Is last term's model still true? What a later date looks like beside those that the model was trained on.

shares      bins, the distance between two distributions, what may be kept of them
answers     how a survey wave was answered         codes      how schools use the attendance codes
describe    one as-of date in aggregates           reference  those of the training, kept in the bundle

compare     a date beside the reference            thresholds from where on a difference is an alarm
expected    how well it will have done, before any outcome is known
realised    how well it did                        verdict    fine, look, or stop using
watch       all that for a date of some data            words      the same in sentences
facts       all of it as plain data, for pages and tables
"""
