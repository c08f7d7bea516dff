"""The same features of attendance, computed in different ways: earlywarn, Polars, plain pandas.

trust   the made-up trust they are computed from     ours          earlywarn, and DuckDB's bare scan
days    what each school day is to the features      with_polars   Polars' expressions
finish  from counts to features                      with_pandas   plain pandas
"""
