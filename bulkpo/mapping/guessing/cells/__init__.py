"""What stands in the cells of an unknown table: whole columns, headings, how numbers and dates are written."""
