"""Where the tables come from: today a folder of CSV and Parquet files."""
