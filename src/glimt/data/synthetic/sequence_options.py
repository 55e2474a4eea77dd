"""What a synthetic sequence holds."""

from dataclasses import dataclass, fields

from glimt.core.errors import OptionError
from glimt.data.synthetic.scene import Range, SceneOptions

LONGEST = 10000  # frames; four digits number them


@dataclass(frozen=True)
class SequenceOptions:
    """What a sequence holds. A pair is a range, drawn from evenly; speeds are in pixels a frame."""

    size: tuple[int, int] = (256, 256)  # rows, cols
    frames: int = 60
    background: str = "mixed"  # a name in BACKGROUNDS, or any of them
    footage: str = ""  # real frames instead: a frame, a video, or a folder of them
    stills: bool = False  # whether the frames of `footage` are panned over one by one, not shown in turn
    targets: tuple[int, int] = (1, 3)
    scr: Range = (2.0, 8.0)  # of each target in each frame
    speed: Range = (0.3, 3.0)  # of a target, against the ground
    dark: float = 0.2  # share of targets and specks darker than what is around them
    pan: Range = (0.0, 0.8)  # speed of the camera
    jitter: float = 0.3  # px; spread of the camera's shake, fresh in every frame
    jumps: tuple[int, int] = (0, 2)  # sudden moves of the camera in a sequence
    jump: Range = (8.0, 30.0)  # px; how far one goes
    specks: int = 6  # in view on average: look like targets, lie still on the ground
    blinking: int = 4  # places of the sensor that look like a target in single frames
    extent: Range = (0.3, 2.5)  # px from a target's centre to its tip, before the optics
    psf: Range = (0.7, 1.1)  # px; spread of the optics
    apart: float = 16.0  # px between two targets' centres, at least
    noise: float = 0.005  # spread of the photon noise at full scale
    columns: float = 0.0015  # spread of the column pattern
    dead: float = 1e-5  # share of dead pixels

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if self.stills and not self.footage:
            raise ValueError("stills: there is no footage to take them from; give footage too")
        shared = {field.name: getattr(self, field.name) for field in fields(SceneOptions)}
        try:
            SceneOptions(**shared)
        except OptionError as error:
            raise ValueError(str(error)) from error
        if not 1 <= self.frames <= LONGEST:
            raise ValueError(f"frames: {self.frames} is no length; give 1 to {LONGEST}")
        for name in ("speed", "pan", "jumps", "jump"):
            low, high = getattr(self, name)
            if not 0 <= low <= high < float("inf"):
                raise ValueError(f"{name}: {low:g}-{high:g} is no range; give low-high with 0 <= low <= high")
        for name in ("jitter", "specks", "blinking", "apart"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise ValueError(f"{name}: {getattr(self, name):g} is not possible; give 0 or more")
