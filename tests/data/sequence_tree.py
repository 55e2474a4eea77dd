"""Small datasets of sequences on disk, one a layout; the target of every frame is the one of `tree.spot()`."""

import numpy as np
from data.tree import SHAPE, png, spot, text

BOX = "5,3,3,2"  # x, y, width, height of the target


def video(path, count):
    """A video of frames that are 10 grey levels brighter each."""
    return write_video(path, [np.full(SHAPE, 10 * i, np.uint8) for i in range(count)])


def write_video(path, frames):
    """A video without loss."""
    import av

    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("ffv1", rate=25)
        (stream.height, stream.width), stream.pix_fmt = frames[0].shape, "gray"
        for frame in frames:
            file.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="gray")))
        file.mux(stream.encode())
    return path


def clip(root, numbers, masks=False):
    """One sequence with a point a frame."""
    for i in numbers:
        png(root / f"images/{i:04d}.png")
        if masks:
            png(root / f"masks/{i:04d}.png", spot())
    text(root / "points.csv", "frame,x,y\n" + "".join(f"{i},6,3.5\n" for i in numbers))


def clips(root):
    clip(root / "a", range(2), masks=True)
    clip(root / "b", range(2))


def videos(root):
    for name in "ab":
        video(root / f"{name}.avi", 3)
        text(root / f"{name}.csv", "frame,x,y,w,h\n" + "".join(f"{i},{BOX}\n" for i in range(3)))


def tensoristd(root):
    for name in "ab":
        for i in (1, 2):
            png(root / f"data/{name}/{i:04d}.bmp")
    text(root / "anno/a.txt", "6\t3\n6.0\t 3.50\t\n\n")
    text(root / "anno/b.txt", "6 3\t\n6\t3")


def stack(path, planes=5):
    """A MAT file whose last plane is a frame of `tree.png`."""
    from scipy.io import savemat

    path.parent.mkdir(parents=True, exist_ok=True)
    frame = np.arange(SHAPE[0] * SHAPE[1], dtype=float).reshape(SHAPE)
    savemat(path, {"Mix": np.stack([np.full(SHAPE, 255.0)] * (planes - 1) + [frame], axis=2)})
    return path


def nudt_mirsdt(root):
    for i in (1, 2):
        stack(root / f"Sequence2/Mix/{i:05d}.mat")
        png(root / f"Sequence2/masks/{i:05d}.png", spot())
        png(root / f"Sequence10/images/{i:05d}.png")
        png(root / f"Sequence10/masks/{i:05d}.png", spot())
    text(root / "train.txt", "Sequence2/Mix/00001.mat\r\nSequence2/Mix/00002.mat\r\n")
    text(root / "test.txt", "Sequence10/Mix/00001.mat\n")


def satvideo(root):
    for part in ("train", "val"):
        for i in (1, 2):
            png(root / f"{part}/000001/img/{i:06d}.png")
            png(root / f"{part}/000001/mask/{i:06d}.png", spot())
    text(root / "train_list.txt", "dataset/SatVideoIRSDT/train/000001/img/000001.png\n")
    text(root / "val_list.txt", "dataset\\SatVideoIRSDT\\val\\000001\\img\\000002.png\n")


def irsatvideo(root):
    for name in ("Africa-1_2", "Asia-1_38"):
        for i in range(2):
            png(root / f"images/{name}/{i:04d}.png")
            png(root / f"masks/{name}/{i:04d}.png", spot())
    text(root / "video_idx/train_LEO.txt", "Africa-1_2\n")
    text(root / "video_idx/test_LEO-easy.txt", "Asia-1_38\n")
    text(root / "img_idx/train_LEO.txt", "Africa-1_2/0000\n")


def antiuav(root):
    png(root / "train/a/000001.png")
    text(root / "annos/train/a.txt", BOX)
    video(root / "b.avi", 2)
    text(root / "annos/val/b.txt", f"{BOX}\n{BOX}\n")


def sstnet(root):
    for i in (0, 10):
        png(root / f"images/train/data5/{i}.bmp")
    lines = [f"/home/public/DAUB/images/train/data5/{i}.bmp 2,-1,10,7,0\n" for i in (10, 0)]
    text(root / "coco_train_DAUB.txt", "".join(lines))


SEQUENCE_TREES = {
    "clips": clips,
    "videos": videos,
    "tensoristd": tensoristd,
    "nudt_mirsdt": nudt_mirsdt,
    "satvideo": satvideo,
    "irsatvideo": irsatvideo,
    "antiuav": antiuav,
    "sstnet": sstnet,
}

# layout: ids in order, and splits
SEQUENCE_FACTS = {
    "clips": (["a/0000", "a/0001", "b/0000", "b/0001"], ["a", "b"]),
    "videos": ([f"{name}/{i:06d}" for name in "ab" for i in range(3)], ["a", "b"]),
    "tensoristd": (["a/0001", "a/0002", "b/0001", "b/0002"], ["a", "b"]),
    "nudt_mirsdt": (
        ["Sequence2/00001", "Sequence2/00002", "Sequence10/00001", "Sequence10/00002"],
        ["test", "train"],
    ),
    "satvideo": ([f"{part}/000001/00000{i}" for part in ("train", "val") for i in (1, 2)], ["train_list", "val_list"]),
    "irsatvideo": (
        [f"{name}/000{i}" for name in ("Africa-1_2", "Asia-1_38") for i in range(2)],
        ["train_LEO", "test_LEO-easy"],
    ),
    "antiuav": (["train/a/000001", "val/b/000000", "val/b/000001"], ["train", "val"]),
    "sstnet": (["train/data5/0", "train/data5/10"], ["coco_train_DAUB"]),
}
