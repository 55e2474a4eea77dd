"""Synthetic infrared frames and sequences with exact masks: backgrounds, targets, camera, and whole datasets."""

from glimt.data.synthetic.dataset import write_scenes as write_scenes
from glimt.data.synthetic.scene import Scene as Scene
from glimt.data.synthetic.scene import SceneOptions as SceneOptions
from glimt.data.synthetic.scene import draw_scene as draw_scene
from glimt.data.synthetic.sequence import SyntheticSequence as SyntheticSequence
from glimt.data.synthetic.sequence import draw_sequence as draw_sequence
from glimt.data.synthetic.sequence_dataset import write_sequences as write_sequences
from glimt.data.synthetic.sequence_options import SequenceOptions as SequenceOptions
