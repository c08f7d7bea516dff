"""A person's right to be taken out of what was kept, and the day on which it all goes.

holdings  what earlywarn wrote in a folder that holds people, one by one
tables    the rows of people in Parquet and CSV
people    people looked for in those holdings, and taken out of them
overdue   scores and packs past the day by which they are to be deleted
"""
