"""Codes of findings about files and tables, and about what orders refer to in Coupa."""

from bulkpo.model.code import Code, Topic
from bulkpo.model.finding import Severity

_NOTICE = Severity.NOTICE

FILE_TOPICS = (
    Topic(
        "What orders refer to, looked up in Coupa",
        {
            "reference-ambiguous": Code(
                "Several active records of the instance have this name, and Coupa would take one of them.",
                "Name the record by what only the one you mean has, such as its number; if Coupa's choice is right, "
                "say `references: {supplier/name: as_named}` with the element in question.",
            ),
            "reference-contradicted": Code(
                "One $document or line names one record by one element and another by a second, such as number and "
                "name.",
                "Correct one of the two; if it is meant so, say `references: {supplier/name: as_named}` with the "
                "element in question.",
            ),
            "reference-inactive": Code(
                "The record is in the instance but not active, so Coupa refuses $documents that name it.",
                "Activate it in Coupa, or name another.",
            ),
            "reference-unknown": Code(
                "No record of the instance has this name.", "Correct the cell, or create the record in Coupa first."
            ),
        },
    ),
    Topic(
        "Tables that are not quite as they should be",
        {
            "blank-rows": Code(
                "There are blank rows between the others; they are left out.",
                "Nothing has to be done; delete them if they are not meant.",
                _NOTICE,
                is_told_once=True,
            ),
            "duplicate-heading": Code(
                "A heading stands more than once; the second is called `Heading#2`, and so on.",
                "Give each column its own heading, or use these names in the mapping.",
                _NOTICE,
            ),
            "extra-cells": Code(
                "A row has filled cells to the right of the last heading; nothing would read them. Of a table without "
                "headings it is a notice, told once for each column.",
                "Give the column a heading, or mend the row: a cell may have slipped to the right.",
            ),
            "fixed-width": Code(
                "Something in the line stands where no column is declared, so the line has slipped or is cut short.",
                "Correct the line, or the places of the columns in the mapping.",
            ),
            "named-otherwise": Code(
                "The file's name says one kind of file and it is another; programs name web pages and text `.xls`.",
                "Nothing has to be done.",
                _NOTICE,
            ),
            "short-lines": Code(
                "Lines end before their last columns begin; programs often leave blanks at the end out.",
                "Look whether the lines are whole; what they lack is read as blank.",
                _NOTICE,
                is_told_once=True,
            ),
            "in-two-files": Code(
                "The same $document stands in two of the files or sheets that are read together, and only one of them "
                "can be right; or it looks like one that stands in another.",
                "Remove it from one of them, or put its rows into one file; to take it from the first one, say "
                "`document: {in_several_files: first}`.",
            ),
            "totals-row": Code("The last row looks like totals, not like $a_document line.", "Delete the row."),
            "trailing-blank-rows": Code(
                "There are blank rows at the end; they are left out.",
                "Nothing has to be done.",
                _NOTICE,
                is_told_once=True,
            ),
            "left-undecided": Code(
                "The mapping leaves open which element a column goes to, or which value all $documents have, so that "
                "nothing of the file can be sent.",
                "Write one of the elements, or `{ignore: reason}`, in the place of `{undecided: [...]}`.",
            ),
            "unmapped-column": Code(
                "The mapping neither uses nor ignores some columns, so that their values go nowhere.",
                "Add them to `columns` in the mapping, or say `{ignore: reason}`; of all, `ignore_rest: reason`.",
                _NOTICE,
            ),
        },
    ),
    Topic(
        "Files that are not quite as they should be",
        {
            "active-filter": Code(
                "A filter hides rows of the sheet; they are read all the same.",
                "Clear the filter to see what is read.",
                _NOTICE,
            ),
            "added-column": Code(
                "A column was added to a template, and nothing reads it.",
                "If its values belong to the $documents, fill in a column of the template, or add it to a mapping of "
                "your own; if they are notes, nothing has to be done.",
                _NOTICE,
            ),
            "delimiter-guessed": Code(
                "The mapping does not say what parts the cells of the text file; it was found out.",
                "Look whether the columns are right, and declare `source: {delimiter: ...}`.",
                _NOTICE,
            ),
            "encoding-guessed": Code(
                "The text file does not tell how its letters are encoded; it was found out.",
                "Look at accented letters, and declare `source: {encoding: ...}`.",
                _NOTICE,
                is_told_once=True,
            ),
            "float-noise": Code(
                "Numbers are stored with more digits than the spreadsheet shows; they are read as shown.",
                "Nothing has to be done.",
                _NOTICE,
                is_told_once=True,
            ),
            "formats-unseen": Code(
                "This kind of file does not tell number formats and error cells apart from values.",
                "Save the file as .xlsx if it may hold numbers shown with leading zeros, or errors such as `#N/A`.",
                _NOTICE,
            ),
            "formula-as-text": Code(
                'A cell of a text file holds a formula, such as `="A"&B2`, instead of its value.',
                "Write the value, or declare `formulas: stored` to have the formula sent as it stands.",
            ),
            "formula-not-calculated": Code(
                "A cell holds a formula, and the workbook says that its formulas are to be worked out when it is "
                "opened: the stored value may be a placeholder.",
                "Open the file in Excel, let it calculate, and save it; or declare `formulas: stored`.",
            ),
            "formula-without-value": Code(
                "A cell holds a formula that no spreadsheet program has worked out yet.",
                "Open the file in Excel, let it calculate, and save it; or declare `formulas: stored`.",
            ),
            "guard-removed": Code(
                "Text begins with an apostrophe that guards it from being taken for a formula; it is read without it.",
                "Nothing has to be done; if the apostrophe belongs to the text, declare `source: {guard: off}`.",
                _NOTICE,
                is_told_once=True,
            ),
            "hidden-columns": Code(
                "Columns are hidden; they are read like all others.", "Look at them, or delete them.", _NOTICE
            ),
            "hidden-rows": Code(
                "Rows are hidden; they are read like all others.",
                "Delete those that should not be loaded.",
                _NOTICE,
                is_told_once=True,
            ),
            "hidden-sheets": Code(
                "A hidden sheet holds data, or the sheet that is read is hidden.",
                "Look whether the right sheet is read; name it by `source: {sheet: ...}`.",
                _NOTICE,
            ),
            "merged-cells": Code(
                "Cells among the rows are merged: only the first of them holds the value.",
                "Unmerge them and fill in every cell, or declare `merged_cells: fill` or `as_read`.",
            ),
            "other-sheets": Code(
                "The workbook has more sheets with data; only one is read.",
                "Name the sheet you mean by `source: {sheet: ...}`.",
                _NOTICE,
            ),
            "spaced-quotes": Code(
                "A blank stands before a quotation mark; the marks are read as those of a cell.",
                "Nothing has to be done.",
                _NOTICE,
                is_told_once=True,
            ),
            "stray-quotes": Code(
                "A quotation mark opens in one row and closes in another, so that the rows between would be one cell.",
                "Remove the marks, or write those within a cell twice; or declare `source: {quotes: as_read}`.",
                is_told_once=True,
            ),
            "template-older": Code(
                "The workbook is a template that was made from another mapping, or before its mapping was changed.",
                "Look whether its columns are still those the mapping means; make a new one by `bulkpo template`.",
                _NOTICE,
            ),
            "text-formula": Code(
                'Cells are written as `="0001"`, as programs do lest a spreadsheet change them; 0001 is read.',
                "Nothing has to be done.",
                _NOTICE,
                is_told_once=True,
            ),
            "unclear-quotes": Code(
                "A blank stands before a quotation mark, and the marks do not make whole cells.",
                "Remove the blank, or write marks within a cell twice; or declare `source: {quotes: as_read}`.",
            ),
        },
    ),
)
