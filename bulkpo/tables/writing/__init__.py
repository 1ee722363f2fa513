"""Sheets out: workbooks, text and Parquet, whole or not at all."""
