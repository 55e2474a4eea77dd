"""How datasets lie on disk. A layout is found by itself, or named with `--layout`."""

LAYOUTS: dict[str, str] = {
    "basicirstd": "glimt.data.layouts.basicirstd:LAYOUT",
    "dnanet": "glimt.data.layouts.dnanet:LAYOUT",
    "mshnet": "glimt.data.layouts.mshnet:LAYOUT",
    "irstd1k": "glimt.data.layouts.irstd1k:LAYOUT",
    "sirst_v1": "glimt.data.layouts.sirst_v1:LAYOUT",
    "sirst_v2": "glimt.data.layouts.sirst_v2:LAYOUT",
    "agpc": "glimt.data.layouts.agpc:LAYOUT",
    "mdvsfa": "glimt.data.layouts.mdvsfa:LAYOUT",
    "irstdid": "glimt.data.layouts.irstdid:LAYOUT",
    "coco": "glimt.data.layouts.coco:LAYOUT",
    "yolo": "glimt.data.layouts.yolo:LAYOUT",
    "voc": "glimt.data.layouts.voc:LAYOUT",
    "labelme": "glimt.data.layouts.labelme:LAYOUT",
    "clips": "glimt.data.layouts.clips:LAYOUT",
    "videos": "glimt.data.layouts.videos:LAYOUT",
    "tensoristd": "glimt.data.layouts.tensoristd:LAYOUT",
    "nudt_mirsdt": "glimt.data.layouts.nudt_mirsdt:LAYOUT",
    "satvideo": "glimt.data.layouts.satvideo:LAYOUT",
    "irsatvideo": "glimt.data.layouts.irsatvideo:LAYOUT",
    "antiuav": "glimt.data.layouts.antiuav:LAYOUT",
    "sstnet": "glimt.data.layouts.sstnet:LAYOUT",
    "folder": "glimt.data.layouts.folder:LAYOUT",  # what is left when no other layout fits
}
