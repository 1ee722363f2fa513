"""Marks in a workbook's own styles: each style that a marked cell has, with another fill."""

from copy import deepcopy

from lxml import etree

from bulkpo.tables.workbooks.package import local_name

ERROR_COLOUR, NOTICE_COLOUR = "FFF8C9C4", "FFFFF2C2"
_COLOURS = {True: ERROR_COLOUR, False: NOTICE_COLOUR}


class MarkStyles:
    """The styles of one workbook; those that are asked for are added behind its own, which stay as they are."""

    def __init__(self, root: etree._Element | None) -> None:
        """`root` is the part of styles; without one nothing can be marked, and every style stays what it is."""
        self._root = root
        self._fills = None if root is None else next(root.iter("{*}fills"), None)
        self._formats = None if root is None else next(root.iter("{*}cellXfs"), None)
        self._made: dict[tuple[int, str], int] = {}
        self._fill_numbers: dict[str, int] = {}

    def text(self) -> bytes:
        """The part, with what was added; empty where there is none."""
        if self._root is None:
            return b""
        return etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def marked(self, style: int, *, is_error: bool) -> int:
        """The style of a cell of some style that is wrong, or only worth a look."""
        return self._made_of(style, _COLOURS[is_error])

    def unmarked(self, style: int) -> int:
        """The style of a cell without the mark of an earlier report, if it has one."""
        fills, formats = self._fills, self._formats
        if fills is None or formats is None or not 0 <= style < len(formats):
            return style
        number = int(formats[style].get("fillId", "0"))
        colours = [each.get("rgb") for each in fills[number].iter("{*}fgColor")] if number < len(fills) else []
        return self._made_of(style, "") if set(colours) & set(_COLOURS.values()) else style

    def reasons(self) -> int:
        """The style of the cells that give reasons."""
        return self._made_of(0, "wrapped")

    def _made_of(self, style: int, way: str) -> int:
        if self._fills is None or self._formats is None or not 0 <= style < len(self._formats):
            return style
        if (style, way) not in self._made:
            made = deepcopy(self._formats[style])
            if way == "wrapped":
                _wrap(made)
            else:
                made.set("fillId", str(self._fill(way) if way else 0))
                made.set("applyFill", "1")
            self._formats.append(made)
            self._formats.set("count", str(len(self._formats)))
            self._made[style, way] = len(self._formats) - 1
        return self._made[style, way]

    def _fill(self, colour: str) -> int:
        fills = self._fills
        if colour not in self._fill_numbers and fills is not None:
            space = str(fills.tag)[: -len(local_name(fills))]
            fill = etree.SubElement(fills, f"{space}fill")
            pattern = etree.SubElement(fill, f"{space}patternFill", patternType="solid")
            etree.SubElement(pattern, f"{space}fgColor", rgb=colour)
            fills.set("count", str(len(fills)))
            self._fill_numbers[colour] = len(fills) - 1
        return self._fill_numbers.get(colour, 0)


def _wrap(style: etree._Element) -> None:
    for child in list(style.iter("{*}alignment")):
        style.remove(child)
    space = str(style.tag)[: -len(local_name(style))]
    alignment = etree.Element(f"{space}alignment", wrapText="1", vertical="top")
    style.insert(0, alignment)
    style.set("applyAlignment", "1")
