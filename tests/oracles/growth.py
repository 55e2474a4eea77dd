"""Slow, obvious region growth in plain Python: what the compiled kernel must answer, and what it is timed against."""

import heapq
import math

import numpy as np

FOUR = ((-1, 0), (0, -1), (0, 1), (1, 0))
EIGHT = tuple((dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx)


def owns(click, pixel, rivals):
    """No rival is strictly nearer to the pixel than the click."""
    return all(math.dist(click, pixel) <= math.dist(rival, pixel) for rival in rivals)


def polarity(image, click, half=8):
    row, col = click
    around = image[max(0, row - half) : row + half + 1, max(0, col - half) : col + half + 1]
    near = image[max(0, row - 1) : row + 2, max(0, col - 1) : col + 2]
    middle = np.median(around)
    return -1 if middle - near.min() > near.max() - middle else 1


def local_range(image, click, half=20):
    row, col = click
    window = image[max(0, row - half) : row + half + 1, max(0, col - half) : col + half + 1]
    return max(float(window.max()) - float(window.min()), 1.0)


class Growth:
    """One growth: `step` takes the brightest waiting pixel, first come first served."""

    def __init__(self, image, click, rivals=(), reach=30):
        self.image = image.tolist()
        self.shape = image.shape
        self.click, self.rivals, self.reach = click, rivals, reach
        value = self.image[click[0]][click[1]]
        self.taken, self.path, self.ring, self.seen = set(), [], set(), {click}
        self.queue = [(-value, 0, click)]
        self.pushed = 1
        self.values = [value]  # the click counts twice
        self.sum, self.squares, self.ring_sum, self.edge_sum, self.edges, self.distance = value, value**2, 0, 0, 0, 0

    def inside(self, pixel):
        return 0 <= pixel[0] < self.shape[0] and 0 <= pixel[1] < self.shape[1]

    def neighbours(self, pixel, offsets):
        return [near for dy, dx in offsets if self.inside(near := (pixel[0] + dy, pixel[1] + dx))]

    def may_take(self, pixel):
        near = (pixel[0] - self.click[0]) ** 2 + (pixel[1] - self.click[1]) ** 2 <= self.reach**2
        return near and owns(self.click, pixel, self.rivals)

    def step(self):
        if not self.queue:
            return False
        negative, _, pixel = heapq.heappop(self.queue)
        value = -negative
        self.path.append(pixel)
        self.taken.add(pixel)
        self.sum += value
        self.squares += value**2
        self.values.append(value)
        self.distance = max(self.distance, (pixel[0] - self.click[0]) ** 2 + (pixel[1] - self.click[1]) ** 2)
        if pixel in self.ring:
            self.ring.remove(pixel)
            self.ring_sum -= value
        for near in self.neighbours(pixel, EIGHT):
            if near not in self.taken and near not in self.ring:
                self.ring.add(near)
                self.ring_sum += self.image[near[0]][near[1]]
        for near in self.neighbours(pixel, FOUR):
            other = self.image[near[0]][near[1]]
            if near in self.taken:
                self.edge_sum -= other - value
                self.edges -= 1
                continue
            self.edge_sum += value - other
            self.edges += 1
            if near not in self.seen and self.may_take(near):
                self.seen.add(near)
                heapq.heappush(self.queue, (-other, self.pushed, near))
                self.pushed += 1
        return True

    def complete(self):
        return not self.queue or -self.queue[0][0] < min(self.values)

    def energy(self, scale, size=1.0, edge=0.0, homogeneity=1.0, epsilon=0.7, support=20.0, saliency=1.0, geometry=1.0):
        n = len(self.path) + 1
        mean = self.sum / n
        contrast = (mean - (self.ring_sum / len(self.ring) if self.ring else mean)) / scale
        step = (self.edge_sum / self.edges if self.edges else 0) / scale
        if (saliency and contrast <= 0) or (edge and step <= 0):
            return -math.inf
        spread = math.sqrt(max(0.0, self.squares / n - mean**2)) / scale + epsilon
        value = size * math.log(math.log(n)) - geometry * self.distance / (2 * support**2)
        value += saliency * math.log(contrast) if saliency else 0
        value -= homogeneity * math.log(spread) if homogeneity else 0
        return value + (edge * math.log(step) if edge else 0)


def pamg(image, click, rivals=(), support=20.0, warmup=4, sign=None, **terms):
    """Algorithm 1 of paper 001; returns the set of pixels."""
    sign = polarity(image, click) if sign is None else sign
    seen = image.astype(np.int64) * sign + (255 if sign < 0 else 0)
    growth = Growth(seen, click, rivals, reach=max(4, math.ceil(3 * support)))
    scale, best, size = local_range(image, click), -math.inf, 1
    while len(growth.path) < int(math.pi * support**2) and growth.step():
        value = growth.energy(scale, support=support, **terms) if len(growth.path) > warmup else -math.inf
        if value > best:
            best, size = value, len(growth.path)
    return set(growth.path[:size])


def peak_sizes(image, click, rivals, votes, *, sign, epsilon, reach, most, warmup, fall, patience, slack):
    """For each vote the size it chooses (0 without one), the path, and the height of each energy's summit."""
    seen = image.astype(np.int64) * sign + (255 if sign < 0 else 0)
    growth, scale = Growth(seen, click, rivals, reach), local_range(image, click)
    state = [{"best": -math.inf, "size": 0, "summit": -math.inf, "at": 0, "over": False} for _ in votes]
    while len(growth.path) < most and not all(s["over"] for s in state) and growth.step():
        n = len(growth.path)
        for vote, s in zip(votes, state, strict=True):
            if s["over"]:
                continue
            terms = {"size": vote.size, "edge": vote.edge, "homogeneity": vote.homogeneity, "support": vote.support}
            value = growth.energy(scale, epsilon=epsilon, **terms) if n > warmup else -math.inf
            if value > s["summit"]:
                s["summit"], s["at"] = value, n
            if value > s["best"] and (not vote.complete or growth.complete()):
                s["best"], s["size"] = value, n
            s["over"] = s["summit"] > -math.inf and value < s["summit"] - fall and n > patience * s["at"] + slack
    return [s["size"] for s in state], growth.path, [s["summit"] for s in state]
