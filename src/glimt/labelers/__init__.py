"""Labelers, by name: points in, one mask a point out. To add one: write a file, add its line here."""

LABELERS = {
    "box": "glimt.labelers.box:Box",
    "pmg": "glimt.labelers.pmg:Pmg",
    "pamg": "glimt.labelers.pamg:Pamg",
    "fuse": "glimt.labelers.fuse:Fuse",
    "p2b": "glimt.labelers.p2b:P2b",
}
