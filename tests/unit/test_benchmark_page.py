"""The page that the benchmarks write, and the picture in it."""

from lxml import etree

from benchmarks.__main__ import HERE, NAMES, Said, page
from benchmarks.chart import Panel, svg
from benchmarks.claims import Claim, at_most


def test_the_page_begins_with_what_is_claimed_and_tells_of_failures() -> None:
    claim = Claim("check", "csv.reader alone", at_most(4, "times as long"), (3.0, 3.5))
    said = [Said("check", "1.0 s", [claim], failed=False), Said("export", "failed: no room", [], failed=True)]
    text = page(said, 120, quick=False)
    assert "| check | csv.reader alone | at most 4 times as long | 3.25 (3.00 to 3.50) times as long | yes |\n" in text
    assert text.endswith("### check\n\n```\n1.0 s\n```\n\n### export\n\n```\nfailed: no room\n```\n")
    assert "(scaling.svg)" in text


def test_a_picture_places_figures_by_their_logarithm_and_is_xml() -> None:
    curve = [(10.0, 1.0), (100.0, 10.0), (1000.0, 100.0)]
    drawn = svg("Time & size", "", [Panel("Time", "lines", "{:g}".format, "{:g} s".format, {"check <it>": curve})])
    root = etree.fromstring(drawn)
    way = str(root.xpath("string(//*[local-name() = 'polyline']/@points)"))
    points = [point.split(",") for point in way.split()]
    across, up = zip(*((float(x), float(y)) for x, y in points), strict=True)
    assert across[1] - across[0] == across[2] - across[1] > 0
    assert up[0] - up[1] == up[1] - up[2] > 0
    assert "check <it>" in str(root.xpath("string()"))


def test_every_benchmark_is_on_the_page_and_has_a_quick_way() -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in HERE.glob("*.py") if path.stem != "__main__"}
    benchmarks = {name for name, text in texts.items() if 'if __name__ == "__main__"' in text}
    assert benchmarks == set(NAMES)
    assert [name for name in NAMES if '"--quick"' not in texts[name]] == []
