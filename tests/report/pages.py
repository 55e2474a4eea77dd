"""What the tests of pages share: a strict reader of HTML, and what every page must hold to."""

from html.parser import HTMLParser

VOID = {"meta", "link", "img", "br", "hr", "input"}
LIMIT = 3_000_000  # bytes


class Reader(HTMLParser):
    """Collects elements, and refuses one that is closed out of turn or never."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.ids, self.text = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        assert len({name for name, _ in attrs}) == len(attrs), f"<{tag}> repeats an attribute"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> is out of turn"

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("style", "script"):
            self.text.append(data)


def read(path):
    """The page's elements, once it has been found well-formed, closed in itself, small, and told in words too."""
    source = path.read_text(encoding="utf-8")
    reader = Reader()
    reader.feed(source)
    reader.close()
    assert not reader.open, f"never closed: {reader.open}"
    assert len(reader.ids) == len(set(reader.ids)), "an id is used twice"
    assert "http" not in source.replace('xmlns="http://www.w3.org/2000/svg"', "").replace("http-equiv", "")
    assert path.stat().st_size < LIMIT
    names = [tag for tag, _ in reader.elements]
    assert "script" not in names
    assert "link" not in names
    for tag, attributes in reader.elements:
        if tag == "img":
            assert attributes["alt"].strip()
            assert attributes["src"].startswith("data:image/png;base64,")
        if tag == "figure" and attributes.get("role") == "img":
            assert attributes["aria-label"].strip()
    assert_references_resolve(reader)
    return reader


def assert_references_resolve(reader):
    """Every clip path and marker that a plot names is in the page."""
    for _, attributes in reader.elements:
        for value in attributes.values():
            if value and value.startswith(("#", "url(#")):
                assert value.removeprefix("url(").strip("#)") in reader.ids
