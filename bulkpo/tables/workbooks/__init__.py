"""Rows in from workbooks: .xlsx, .xls, .xlsb and .ods."""
