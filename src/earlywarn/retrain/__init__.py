"""A term's retraining: is the new version better than the one in use, for whom is it worse, what is recommended?

`key` tells whether anything has changed, `comparison` holds both versions against each other on dates that neither
saw, `where` and `moves` say for whom and who comes and goes, `recommend` applies a small table of rules, and
`decision` puts it all together as plain data for the page and for programs.
"""
