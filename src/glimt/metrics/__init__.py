"""Scores: counts that add, read under named protocols."""

PROFILES = {
    "acm": "glimt.metrics.profiles:acm",
    "basicirstd": "glimt.metrics.profiles:basicirstd",
    "dnanet": "glimt.metrics.profiles:dnanet",
    "dtum": "glimt.metrics.profiles:dtum",
    "dtum-released": "glimt.metrics.profiles:dtum_released",
    "edgsp": "glimt.metrics.profiles:edgsp",
    "lesps-cvpr23": "glimt.metrics.profiles:lesps_cvpr23",
    "mshnet": "glimt.metrics.profiles:mshnet",
    "mtu": "glimt.metrics.profiles:mtu",
    "opdc": "glimt.metrics.profiles:opdc",
    "opdc-1.0.2": "glimt.metrics.profiles:opdc_1_0_2",
    "p2m": "glimt.metrics.profiles:p2m",
    "pal": "glimt.metrics.profiles:pal",
    "points": "glimt.metrics.profiles:points",
}
