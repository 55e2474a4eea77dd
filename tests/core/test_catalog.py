import pytest

from glimt.core.catalog import build, find
from glimt.core.errors import OptionError, UnknownNameError

CATALOG = {"fraction": "fractions:Fraction", "box": "glimt.labelers.box:Box", "gone": "glimt.nowhere:Thing"}


def test_a_name_an_import_path_and_checked_options():
    assert build(CATALOG, "box", {"side": "7"}).side == 7  # pydantic reads the text as the number it is
    assert find({}, "math:sqrt")(9) == 3


@pytest.mark.parametrize(
    ("name", "options", "error", "message"),
    [
        ("boxx", {}, UnknownNameError, r"no labeler 'boxx' \(did you mean 'box'\?\); known: box, fraction, gone"),
        ("gone", {}, UnknownNameError, "cannot load labeler 'gone'"),
        ("math:nothing", {}, UnknownNameError, "nothing"),
        ("box", {"sides": 3}, OptionError, "box: option 'sides'"),
        ("box", {"side": "wide"}, OptionError, "box: option 'side'.*integer"),
    ],
)
def test_what_is_wrong_is_named(name, options, error, message):
    with pytest.raises(error, match=message):
        build(CATALOG, name, options, "labeler")
