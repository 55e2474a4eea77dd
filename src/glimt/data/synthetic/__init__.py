"""Synthetic infrared frames with exact masks: backgrounds, targets, the camera's noise, and whole datasets of them."""

from glimt.data.synthetic.dataset import write_scenes as write_scenes
from glimt.data.synthetic.scene import Scene as Scene
from glimt.data.synthetic.scene import SceneOptions as SceneOptions
from glimt.data.synthetic.scene import draw_scene as draw_scene
