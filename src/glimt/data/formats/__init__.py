"""Formats that datasets are written in. To add one: write a file with a `FORMAT`, add its line here."""

FORMATS: dict[str, str] = {
    "coco": "glimt.data.formats.coco:FORMAT",
    "yolo": "glimt.data.formats.yolo:FORMAT",
    "voc": "glimt.data.formats.voc:FORMAT",
    "labelme": "glimt.data.formats.labelme:FORMAT",
    "png": "glimt.data.formats.png:FORMAT",
    "points": "glimt.data.formats.points:FORMAT",
}
