"""How are training pictures made? Portraits of the tuning half, cut as the network sees them, half of them with a mark.

    python pictures.py FACES.json OUT COUNT SEED

FACES.json maps a picture's path to {"eyes": [x, y], "width": cheek to cheek}; see README.md.
"""
import io
import json
import random
import sys

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

import ink

SIDE = 384          # what the network sees
WIDE = 2 * SIDE     # what marks are drawn on: about the scale of the finished picture
FACES = 3.0         # side of the square in face widths, as in crates/face/src/marks.rs
EYES = 0.40         # where the eyes stand in it
CELL = 8            # pixels of the network's input for each of its answers


def view(base, rng):
    """The square about a face, WIDE pixels, with what lies outside the picture black; and the picture's part of it."""
    image, eyes, width = base
    by = WIDE / (FACES * width) * rng.uniform(0.85, 1.15)
    size = (max(8, int(image.width * by)), max(8, int(image.height * by)))
    small = image.resize(size, Image.BICUBIC if by > 0.6 else Image.BOX if by < 0.35 else Image.HAMMING)
    at = (int(WIDE * (0.5 + rng.uniform(-.05, .05)) - eyes[0] * by), int(WIDE * (EYES + rng.uniform(-.05, .05)) - eyes[1] * by))
    if rng.random() < 0.5:
        # A delivered picture: 480 x 640 about the head, nothing beyond.
        fw = width * by
        w = fw * rng.uniform(1.7, 2.6)
        h = w * 4 / 3
        cx, cy = eyes[0] * by, eyes[1] * by
        box = [cx - w / 2, cy - h * rng.uniform(.33, .46), 0, 0]
        box[2], box[3] = box[0] + w, box[1] + h
        box = [max(0, int(box[0])), max(0, int(box[1])), min(size[0], int(box[2])), min(size[1], int(box[3]))]
        small = small.crop(box)
        at = (at[0] + box[0], at[1] + box[1])
    if rng.random() < 0.5:
        small = small.transpose(Image.FLIP_LEFT_RIGHT)
    return small, at


def keyed(image, rng):
    """The sky blue behind a studio portrait in another colour."""
    a = np.asarray(image, np.float32)
    d = np.abs(a - np.array([100., 197., 255.])).max(-1)
    share = np.clip((90 - d) / 50, 0, 1)[..., None]
    wall = np.array(rng.choice([(255, 255, 255), (240, 240, 240), (230, 228, 222), (67, 142, 219), (200, 20, 30), (150, 200, 240), (128, 128, 128)]), np.float32)
    wall = wall + np.linspace(-1, 1, a.shape[0])[:, None, None] * rng.uniform(-12, 12) + np.linspace(-1, 1, a.shape[1])[None, :, None] * rng.uniform(-12, 12)
    grain = np.random.default_rng(rng.randrange(1 << 30)).normal(0, rng.uniform(0, 2.5), a.shape)
    return Image.fromarray(np.clip(a + share * (wall - np.array([100., 197., 255.]) + grain), 0, 255).astype(np.uint8))


def taken(image, rng):
    """Light, colour and sharpness a little different."""
    if rng.random() < 0.7:
        image = ImageEnhance.Brightness(image).enhance(rng.uniform(0.65, 1.25))
        image = ImageEnhance.Contrast(image).enhance(rng.uniform(0.8, 1.2))
        image = ImageEnhance.Color(image).enhance(rng.uniform(0.5, 1.4))
    if rng.random() < 0.25:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.5)))
    if rng.random() < 0.2:
        image = image.filter(ImageFilter.UnsharpMask(2, rng.randint(40, 150), 2))
    return image


def through_jpeg(image, rng):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=rng.randint(55, 96), subsampling=rng.choice([0, 1, 2]))
    return Image.open(file).convert("RGB")


def roots(pixels):
    """Square roots of the levels, 0-255: on dark cloth a step of a few levels is as large as one of many on a wall."""
    return np.rint(np.sqrt(pixels / 255.0) * 255.0).astype(np.uint8)


def sample(base, studio, seed):
    """A picture SIDE x SIDE x 3 and its labels: share of each cell's pixels, 0-255, that a mark changes visibly."""
    rng = random.Random(seed)
    small, at = view(base, rng)
    if studio and rng.random() < 0.6:
        small = keyed(small, rng)
    small = ink.things(taken(small, rng), rng) if rng.random() < 0.5 else taken(small, rng)
    clean = small
    if rng.random() < 0.6:
        w, h = small.size
        # Where the delivered picture may lie in it.
        cut = rng.uniform(0, 0.22) if w > 500 else 0
        area = (int(w * cut), int(h * cut * .5), int(w * (1 - cut)), h)
        small = ink.draw(small, area, rng.randrange(1 << 40))

    def canvas(part):
        whole = Image.new("RGB", (WIDE, WIDE))
        whole.paste(part, at)
        return whole
    state = rng.getstate()
    marked = canvas(through_jpeg(small, rng))
    how = rng.choice([Image.BOX, Image.BOX, Image.BILINEAR])
    marked = roots(np.asarray(marked.resize((SIDE, SIDE), how)))
    rng.setstate(state)
    diff = np.abs(np.asarray(canvas(small), np.int16) - np.asarray(canvas(clean), np.int16)).max(-1)
    # On dark cloth less is seen.
    dark = np.asarray(canvas(clean), np.int16).max(-1) < 80
    seen = (diff > np.where(dark, 8, 12)).reshape(SIDE // CELL, CELL * 2, SIDE // CELL, CELL * 2).mean((1, 3))
    return marked, np.clip(seen * 255, 0, 255).astype(np.uint8)


def load(faces):
    bases = []
    for path, f in sorted(json.load(open(faces)).items()):
        image = Image.open(path).convert("RGB")
        # No larger than needed, so that resizing stays quick.
        by = min(1.0, 300 / f["width"])
        image = image.resize((int(image.width * by), int(image.height * by)), Image.BOX if by < 0.6 else Image.HAMMING)
        bases.append(((image, [v * by for v in f["eyes"]], f["width"] * by), "studio" in path, float(f.get("weight", 1))))
    return bases


def main():
    faces, out, count, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    bases = load(faces)
    rng = random.Random(seed)
    pictures = np.empty((count, SIDE, SIDE, 3), np.uint8)
    labels = np.empty((count, SIDE // CELL, SIDE // CELL), np.uint8)
    for i in range(count):
        base, studio, _ = rng.choices(bases, [b[2] for b in bases])[0]
        pictures[i], labels[i] = sample(base, studio, rng.randrange(1 << 40))
    np.save(out + ".x.npy", pictures)
    np.save(out + ".y.npy", labels)


if __name__ == "__main__":
    main()
