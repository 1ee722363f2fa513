"""The way back from Excel: an export as a workbook that knows its mapping, and what was changed in it."""
