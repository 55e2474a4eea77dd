"""What paper 004 (EDGSP) prints: IoU / Pd / F_at / Fa where a comment says nothing else; the points are centroids."""

TRAINED_ON = "mask-trained on SIRST3"  # SIRST, NUDT-SIRST and IRSTD-1K: also what its "Total" is over
TABLE1 = {  # by split: from centroids, from coarse clicks
    "test_SIRST": {
        "EDGSP, SCTransNet": ("83.83 / 100.0 / 0 / 0", "83.05 / 99.62 / 0 / 0"),
        "MCGC": ("72.43 / 97.33 / 0.76 / 0.14", ""),
    },
    "test_NUDT-SIRST": {
        "EDGSP, SCTransNet": ("95.51 / 100.0 / 0 / 0", "94.23 / 99.89 / 0.11 / 1.01"),
        "MCGC": ("77.67 / 99.68 / 0.32 / 0.07", ""),
    },
    "all": {
        "EDGSP, SCTransNet, with IRSTD-1K": ("87.07 / 100.0 / 0 / 0", "85.36 / 99.80 / 0.13 / 0.62"),
        "MCGC, with IRSTD-1K": ("72.80 / 99.26 / 0.40 / 0.05", ""),
    },
}
TABLE2 = {  # on SIRST3: without points, with EDGSP
    "acm": ("61.43 / 94.80 / 13.75 / 64.50", "73.60 / 99.60 / 0.066 / 0.28"),
    "alcnet": ("63.26 / 94.98 / 13.69 / 58.74", "74.06 / 99.67 / 0.066 / 1.71"),
    "mtunet": ("71.62 / 94.15 / 12.16 / 28.31", "84.20 / 100.0 / 0 / 0"),
    "istdunet": ("80.12 / 96.74 / 9.103 / 32.18", "84.07 / 99.93 / 0.066 / 1.11"),
    "dnanet": ("80.53 / 96.90 / 5.249 / 15.28", "86.78 / 100.0 / 0 / 0"),
    "uiunet": ("82.40 / 97.34 / 6.389 / 15.39", "86.96 / 99.93 / 0 / 0"),
    "sctransnet": ("83.43 / 97.28 / 5.781 / 8.622", "87.07 / 100.0 / 0 / 0"),
}
TABLE3 = {  # SCTransNet on SIRST3: IoU / Pd / F_at; what each row has is in ablation.py
    "M1": ("no point", "83.43 / 97.28 / 5.78"),
    "M2": ("the point's pixel (SPE)", "86.16 / 99.67 / 1.73"),
    "M3": ("a Gaussian at the point (TEI)", "86.52 / 100.0 / 1.74"),
    "M4": ("TEI, edges (REM)", "86.74 / 99.93 / 1.93"),
    "M5": ("TEI, REM, shown again to the head (DPE)", "87.02 / 100.0 / 1.59"),
    "Ours": ("TEI, REM, DPE, matched boxes (BBM)", "87.07 / 100.0 / 0"),
}
TABLE4 = {  # on SIRST3's test frames: the labels by EDGSP, from coarse clicks, full labels; IoU / Pd / Fa
    "acm": {"EDGSP": "65.59 / 91.39 / 23.92", "EDGSP coarse": "65.03 / 92.38 / 23.97", "full": "65.65 / 93.38 / 32.70"},
    "dnanet": {"EDGSP": "81.53 / 96.69 / 8.14", "EDGSP coarse": "81.52 / 94.70 / 7.55", "full": "81.63 / 95.70 / 9.00"},
}
