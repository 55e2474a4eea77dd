"""The page without a mouse: where Tab goes, whether one sees it, and what each control is called."""

CONTROLS = """() => {
  const all = [...document.querySelectorAll("a[href], button, select, input, summary, textarea, [tabindex]")];
  const seen = (one) => one.getClientRects().length && getComputedStyle(one).visibility === "visible";
  const usable = all.filter((one) => one.tabIndex >= 0 && !one.disabled && seen(one));
  return usable.map((one) => `${one.tagName} ${one.ariaLabel || one.textContent}`);
}"""
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  const seen = drawn && style.outlineColor !== "rgba(0, 0, 0, 0)";
  return [`${one.tagName} ${one.ariaLabel || one.textContent}`, seen];
}"""


def walk(page):
    """The controls there are, those that Tab reaches, and those of them where the focus cannot be seen."""
    controls = page.evaluate(CONTROLS)
    reached, hidden = set(), []
    for _ in range(2 * len(controls) + 8):
        page.keyboard.press("Tab")
        name, seen = page.evaluate(FOCUSED)
        reached.add(name)
        if name in controls and not seen:
            hidden.append(name)
    return [one for one in controls if one not in reached], hidden


def nameless(page):
    """What can have the focus and has no name, as a screen reader is told."""
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    found = [
        node
        for node in nodes
        if not node.get("ignored")
        and node["role"]["value"] != "RootWebArea"
        and any(one["name"] == "focusable" and one["value"]["value"] for one in node.get("properties", []))
    ]
    assert found
    return [node["role"]["value"] for node in found if not node.get("name", {}).get("value", "").strip()]
