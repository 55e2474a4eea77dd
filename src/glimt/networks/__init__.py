"""Networks, by name. To add one: write a file, add its line here.

A network maps a batch (B, in_channels, H, W) of any size to a tuple of maps: logits, not probabilities, the main one
(B, out_channels, H, W) first. Side maps for deep supervision follow it while training and are left out otherwise.
`network.head` is the last convolution: what goes into it are the penultimate features, and it may be replaced.
`network.sides` holds the convolutions of the side maps.

`dtum` and `rprnet` see frames of a sequence as channels. `rprnet` answers a map of cells, without head or sides.
"""

NETWORKS = {
    "acm": "glimt.networks.acm:Acm",
    "alcnet": "glimt.networks.alcnet:Alcnet",
    "alcnet_lesps": "glimt.networks.alcnet_lesps:AlcnetLesps",
    "dnanet": "glimt.networks.dnanet:Dnanet",
    "dtum": "glimt.networks.dtum:Dtum",
    "mshnet": "glimt.networks.mshnet:Mshnet",
    "rprnet": "glimt.networks.rprnet:Rprnet",
    "sctransnet": "glimt.networks.sctransnet:Sctransnet",
    "tiny": "glimt.networks.tiny:Tiny",
    "uiunet": "glimt.networks.uiunet:Uiunet",
    "unet": "glimt.networks.unet:Unet",
}
