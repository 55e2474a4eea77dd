"""Dataset layouts, by name. To add one: write a file with a `LAYOUT`, add its line here."""

LAYOUTS = {
    "basicirstd": "glimt.data.layouts.basicirstd:LAYOUT",
    "folder": "glimt.data.layouts.folder:LAYOUT",
}
