"""What is published about a model, filled from the run: the papers.

answers       what only a person can say (`record.yaml`), and the marks where it is not said yet
run           what the papers are filled from      categories   which data were used, in formal and in plain words
measured      the run's numbers as sentences       standard     the fields of the transparency standard, and a check
card          the model card                       transparency the transparency record
prose         the data protection annex, and the page for parents or staff
papers        all of them together                 check        what is still open in them
"""
