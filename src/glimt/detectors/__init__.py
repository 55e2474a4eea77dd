"""Classical detectors, by name: a frame in, a score map out, nothing learnt. To add one: a file, and its line here."""

DETECTORS = {
    "tophat": "glimt.detectors.tophat:TopHat",
    "maxmedian": "glimt.detectors.maxmedian:MaxMedian",
    "tllcm": "glimt.detectors.tllcm:Tllcm",
}
