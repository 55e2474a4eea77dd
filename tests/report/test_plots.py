import re
import xml.etree.ElementTree as ET

import pytest

from glimt.report.plots import INK, bars, curves, histogram, trends

PLOTS = {
    "curves": lambda: curves({"a": ([0, 1e-5, 1], [0, 0.5, 1]), "b": ([0, 1], [0, 1])}, "x", "y", True, (1e-5, 0.5)),
    "bars": lambda: bars(["20", "40"], [0.25, float("nan")], "below", "Pd", ["1/4", "0/0"]),
    "histogram": lambda: histogram([0, 0.5, 1], [3, 5], "IoU", "images"),
    "trends": lambda: trends({"a": ([0, 5], [0, 3]), "b": ([5], [1])}, "px"),
    "steep": lambda: trends({"loss": ([1, 2], [1000, 1])}, "loss", True),
}


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_is_one_well_formed_element_without_addresses_or_fixed_colour_of_text(name):
    svg = PLOTS[name]()
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert svg.count("http") == 1
    assert INK not in svg
    assert "currentColor" in svg
    assert "width" not in root.attrib
    assert "viewBox" in root.attrib


@pytest.mark.parametrize("name", PLOTS)
def test_the_same_plot_is_the_same_text(name):
    assert PLOTS[name]() == PLOTS[name]()


def test_two_plots_share_no_id():
    first, second = (set(re.findall(r'\bid="([^"]+)"', PLOTS[name]())) for name in ("curves", "bars"))
    assert first
    assert second
    assert not first & second


def test_words_stay_words():
    svg = PLOTS["bars"]()
    for word in ("below", "Pd", "1/4", "0/0", "20"):
        assert f">{word}</text>" in svg


def test_names_are_escaped_and_never_read_as_formulas():
    svg = bars(["a<b>&$x_1$"], [0.5], "x", "y")
    assert "a&lt;b&gt;&amp;$x_1$" in svg


def test_a_bar_is_as_high_as_its_share():
    # Two bars of 0.25 and 0.5: the second rectangle is twice as high, in the SVG's own units.
    root = ET.fromstring(bars(["a", "b"], [0.25, 0.5], "x", "y"))
    heights = []
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        if "#0072b2" in path.get("style", ""):
            ups = [float(y) for y in re.findall(r"[ML] \S+ (\S+)", path.get("d"))]
            heights.append(max(ups) - min(ups))
    assert len(heights) == 2
    assert heights[1] == pytest.approx(2 * heights[0], rel=1e-4)


def test_a_steep_loss_is_drawn_over_powers_in_plain_numbers():
    svg = PLOTS["steep"]()
    assert all(f">{power}</text>" in svg for power in ("1", "10", "100", "1000"))
    assert "mathdefault" not in svg


def test_a_curve_of_few_values_has_a_mark_for_each():
    # Marks are filled with the first curve's colour, lines are not; 31 values are more than are marked.
    marks = [trends({"a": (range(count), [1.0] * count)}, "y").count("fill: #0072b2") for count in (0, 1, 30, 31)]
    assert marks == [0, 1, 30, 0]
