"""The published protocols, with their quirks. `docs/metrics.md` says what each reproduces and on what evidence."""

from functools import partial

from glimt.metrics.detection import detection, geometry, hiou, matched_distance, unlisted_areas
from glimt.metrics.matching import overlap_then_distance, within_target
from glimt.metrics.metric import Metric
from glimt.metrics.overlap import niou, overlap, target_iou
from glimt.metrics.points import auc_point, background_detection, centroid_error, false_per_frame
from glimt.metrics.profile import Profile
from glimt.metrics.shooting import shooting, shooting_curve


def basicirstd() -> Profile:
    """BasicIRSTD since January 2024, LESPS since June 2024; the default. False pixels are counted right (V2)."""
    return Profile("basicirstd", common(detection()))


def dnanet(size: int = 256) -> Profile:
    """DNA-Net: square resize, areas of false targets by list membership (V1), Fa over 256 x 256 whatever the size."""
    return Profile("dnanet", common(detection(unlisted_areas, 256 * 256)), size=(size, size))


def mshnet(size: int = 256) -> Profile:
    """MSHNet: as DNA-Net, with Fa over the true size."""
    return Profile("mshnet", common(detection(unlisted_areas, size * size)), size=(size, size))


def lesps_cvpr23() -> Profile:
    """LESPS as published: native size, V1. Also BasicIRSTD until January 2024, SCTransNet, LELCM."""
    return Profile("lesps-cvpr23", common(detection(unlisted_areas)))


def edgsp() -> Profile:
    """EDGSP: V1, false targets over true targets (F_at), mean distance of the matched targets."""
    return Profile("edgsp", (*common(detection(unlisted_areas)), matched_distance()))


def pal() -> Profile:
    """PAL: false pixels as a difference of sums (V3, equal to V2); nIoU with 1e-6 below the line, 0 where empty."""
    return Profile("pal", common(detection(), niou(empty=0.0, eps=1e-6)))


def mtu() -> Profile:
    """MTU-Net: a hit lies within half the target's equivalent diameter; V1 over 1024 x 1024; nIoU over targets."""
    metrics = (*common(detection(unlisted_areas, 1024 * 1024)), target_iou("niou_target"))
    return Profile("mtu", metrics, match=within_target)


def dtum() -> Profile:
    """DTUM's shooting rule with boxes cut at the border; a score equal to the threshold is found."""
    return Profile("dtum", (overlap(), niou(), shooting(), shooting_curve()), inclusive=True)


def dtum_released() -> Profile:
    """DTUM's shooting rule as released: boxes over the top or left border are lost."""
    metrics = (overlap(), niou(), shooting(clamped=False), shooting_curve(clamped=False))
    return Profile("dtum-released", metrics, inclusive=True)


def opdc(overlap: float = 0.5, radius: float = 3.0) -> Profile:
    """Hierarchical IoU with overlap-priority, distance-compensated matching; empty images add nothing."""
    match = partial(overlap_then_distance, overlap=overlap, radius=radius)
    return Profile("opdc", (*common(detection()), hiou()), match=match)


def opdc_1_0_2() -> Profile:
    """The same as PyIRSTDMetrics 1.0.2 counts it: empty images add phantom targets."""
    return Profile("opdc-1.0.2", (*common(detection()), hiou(phantoms=True)), match=overlap_then_distance)


def acm(size: int | None = None) -> Profile:
    """ACM: IoU and the sample mean nIoU, in which an empty image left empty gives 0. There is no Pd."""
    return Profile("acm", (overlap(), niou(empty=0.0)), size=None if size is None else (size, size))


def points() -> Profile:
    """Truth may be points alone, as in sequences of one pixel a target: Pd by the 3 px rule, Fa, no overlap."""
    metrics = (detection(), false_per_frame(), centroid_error(), auc_point())
    return Profile("points", metrics, points=True)


def p2m() -> Profile:
    """Point-to-Mask (paper 001): false pixels are all found ones off the true masks; AUC of the one operating point."""
    return Profile("p2m", (*common(background_detection()), auc_point()))


def common(detect: Metric, per_image: Metric | None = None) -> tuple[Metric, ...]:
    """What every protocol with matched targets reports, the house's values included."""
    return overlap(), per_image or niou(), target_iou(), detect, geometry()
