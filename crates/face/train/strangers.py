"""How is the network for strangers trained? Heads of other people laid behind a portrait: cut by the frame, blurred, turned away.

    python strangers.py ROOT FACES.json OUT.pt MINUTES [OLD.onnx]

ROOT is the repository, FACES.json comes from faces.py, OLD.onnx is what to go on from. Pictures are made while it trains.
"""
import io
import json
import math
import random
import sys
import time

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from net import Marks, take

SIDE = 128          # what the network sees
WIDE = 2 * SIDE     # what pictures are put together on
FACES = 3.0         # side of the square in face widths, as in crates/face/src/strangers.rs
EYES = 0.40         # where the eyes stand in it
CELL = 8            # pixels of the network's input for each of its answers
BATCH = 32
RATE = 2e-3
# Portraits with somebody else in them, by the labels: they are for judging only.
OTHERS = ("chris-pappas", "debbie-dingell", "joe-courtney", "ro-khanna", "zoe-lofgren")


class Person:
    """A portrait at the scale of the square, with how much of each pixel is the person."""

    def __init__(self, path, found, selfie):
        image = Image.open(path).convert("RGB")
        width, (ex, ey) = found["width"], found["eyes"]
        by = WIDE / (FACES * width)
        side = 3.6 * width
        box = [max(0, int(ex - side / 2)), max(0, int(ey - side * 0.4)), 0, 0]
        box[2] = min(image.width, int(ex + side / 2))
        box[3] = min(image.height, int(ey + side * 0.6))
        part = image.crop(box)
        seen = np.asarray(part.resize((256, 256), Image.BOX), np.float32)[None] / 255
        mask = selfie.run(None, {selfie.get_inputs()[0].name: seen})[0].reshape(256, 256)
        size = (max(8, int(part.width * by)), max(8, int(part.height * by)))
        self.image = part.resize(size, Image.BOX if by < 0.6 else Image.BICUBIC)
        self.mask = Image.fromarray((mask.clip(0, 1) * 255).astype(np.uint8)).resize(size, Image.BILINEAR)
        self.eyes = ((ex - box[0]) * by, (ey - box[1]) * by)
        self.width = width * by
        self.studio = "studio" in path
        wide, high = 0.62 * self.width, 0.95 * self.width
        head = Image.new("L", size, 0)
        cx, cy = self.eyes[0], self.eyes[1] + 0.15 * self.width
        ImageDraw.Draw(head).ellipse((cx - wide, cy - high, cx + wide, cy + high), fill=255)
        self.head = Image.fromarray((np.asarray(head, np.float32) * np.asarray(self.mask, np.float32) / 255).astype(np.uint8))

    def wall(self, rng):
        """A part without the person, if there is one: what strangers stand before."""
        mask = np.asarray(self.mask)
        h, w = mask.shape
        for _ in range(8):
            side = rng.randint(min(24, w // 3, h // 3), max(25, min(w, h) // 2))
            if side >= min(w, h):
                continue
            x, y = rng.randrange(w - side), rng.randrange(h - side)
            if mask[y:y + side, x:x + side].max() < 40:
                return self.image.crop((x, y, x + side, y + side))
        return None


def backdrop(people, rng):
    """A plain wall, or a part of somebody's background made large."""
    kind = rng.random()
    if kind < 0.4:
        light = rng.random() < 0.6
        colour = rng.choice([(100, 197, 255), (255, 255, 255), (67, 142, 219), (200, 20, 30), (150, 200, 240)]) if light else [rng.randrange(256) for _ in range(3)]
        a = np.array(colour, np.float32) + np.linspace(-1, 1, WIDE)[:, None, None] * rng.uniform(-40, 40) + np.linspace(-1, 1, WIDE)[None, :, None] * rng.uniform(-40, 40)
        return Image.fromarray(np.clip(a, 0, 255).astype(np.uint8))
    for _ in range(10):
        part = rng.choice(people).wall(rng)
        if part:
            part = otherwise(part.resize((WIDE, WIDE), Image.BICUBIC), rng)
            return part.filter(ImageFilter.GaussianBlur(rng.uniform(0, 4)))
    return Image.new("RGB", (WIDE, WIDE), tuple(rng.randrange(256) for _ in range(3)))


def shapes(image, rng):
    """Things that are nobody: boards, flags, lamps, blots, also of the colours of skin and hair."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    for _ in range(rng.choice([0, 1, 2, 4, 7])):
        skin = rng.random() < 0.3
        colour = (rng.randint(120, 235), rng.randint(80, 170), rng.randint(50, 140)) if skin else tuple(rng.randrange(256) for _ in range(3))
        x, y, r = rng.uniform(0, WIDE), rng.uniform(0, WIDE), rng.uniform(5, 70)
        kind = rng.randrange(4)
        if kind == 0:
            draw.rectangle((x - r, y - r * rng.uniform(.1, 3), x + r, y + r * rng.uniform(.1, 3)), fill=colour)
        elif kind == 1:
            k = rng.uniform(0.3, 1.5)
            draw.ellipse((x - r, y - r * k, x + r, y + r * k), fill=colour)
        elif kind == 2:
            for i in range(rng.randint(2, 9)):
                draw.line((x + i * r * .4, 0, x + i * r * .4 + rng.uniform(-30, 30), WIDE), fill=colour, width=int(r * .2) + 1)
        else:
            draw.polygon([(x + rng.gauss(0, r), y + rng.gauss(0, r)) for _ in range(rng.randint(3, 7))], fill=colour)
    return image.filter(ImageFilter.GaussianBlur(rng.choice([0.4, 2, 5, 9])))


def turned_away(person, image, rng):
    """Hair in place of a part of the face, from one side or from above: a head seen from the side or from behind."""
    a = np.asarray(image, np.float32)
    x, y, w = int(person.eyes[0]), int(person.eyes[1]), person.width
    top = a[max(0, int(y - w * .75)):max(1, int(y - w * .5)), max(0, int(x - w * .3)):int(x + w * .3)].reshape(-1, 3)
    hair = np.median(top, 0) if len(top) and rng.random() < 0.5 else np.array(rng.choice([(25, 20, 18), (60, 40, 25), (110, 80, 50), (150, 140, 130), (15, 15, 20)]), np.float32)
    cover = Image.new("L", image.size, 0)
    share = rng.uniform(0.2, 1.0)
    way = rng.choice([-1, 1])
    cx, cy = x + way * w * (1.15 - share * 1.1), y + w * rng.uniform(-.15, .2)
    ImageDraw.Draw(cover).ellipse((cx - w * .66, cy - w * .9, cx + w * .66, cy + w * .9), fill=255)
    cover = cover.filter(ImageFilter.GaussianBlur(w * rng.uniform(0.02, 0.08)))
    grain = np.random.default_rng(rng.randrange(1 << 30)).normal(0, 1, a.shape[:2])
    grain = np.asarray(Image.fromarray((grain * 40 + 128).clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1)), np.float32) - 128
    share = np.asarray(cover, np.float32)[..., None] / 255
    return Image.fromarray(np.clip(a + share * (hair + grain[..., None] * rng.uniform(.2, 1.5) - a), 0, 255).astype(np.uint8))


def otherwise(image, rng):
    """Other colours, mirrored: what is behind should not be known by heart."""
    if rng.random() < 0.5:
        image = image.transpose(Image.FLIP_LEFT_RIGHT)
    if rng.random() < 0.6:
        hue, rest = rng.randrange(256), rng.uniform(0.3, 1.5)
        h, s, v = image.convert("HSV").split()
        if rng.random() < 0.6:
            h = h.point(lambda x: (x + hue) % 256)
        image = Image.merge("HSV", (h, s.point(lambda x: min(255, int(x * rest))), v)).convert("RGB")
    return ImageEnhance.Brightness(image).enhance(rng.uniform(0.5, 1.4))


def stranger(people, whole, known, rng):
    """Lays one more head over what is behind; returns the picture and where the head is."""
    p = rng.choice(people)
    image = turned_away(p, p.image, rng) if rng.random() < 0.4 else p.image
    by = math.exp(rng.uniform(math.log(0.3), math.log(1.3)))
    size = (max(4, int(image.width * by)), max(4, int(image.height * by)))
    turn, flip = rng.uniform(-18, 18), rng.random() < 0.5
    parts = []
    for part in (image, p.mask, p.head):
        part = part.resize(size, Image.BICUBIC).rotate(turn, Image.BICUBIC)
        parts.append(part.transpose(Image.FLIP_LEFT_RIGHT) if flip else part)
    image, mask, head = parts
    image = ImageEnhance.Brightness(image).enhance(rng.uniform(0.35, 1.25))
    image = ImageEnhance.Contrast(image).enhance(rng.uniform(0.6, 1.2))
    image = ImageEnhance.Color(image).enhance(rng.uniform(0.5, 1.3))
    ex, ey = p.eyes[0] * by, p.eyes[1] * by
    if flip:
        ex = size[0] - ex
    if rng.random() < 0.75:
        # Beside the main person, often over the edge of the picture.
        at = (rng.choice([rng.uniform(-0.05, 0.3), rng.uniform(0.7, 1.05)]) * WIDE, rng.uniform(0.05, 0.9) * WIDE)
    else:
        at = (rng.uniform(0, 1) * WIDE, rng.uniform(-0.02, 0.7) * WIDE)
    corner = (int(at[0] - ex), int(at[1] - ey))
    blur = p.width * by * rng.choice([0, rng.uniform(0.01, 0.05), rng.uniform(0.04, 0.12)])

    def canvas(part, mode):
        out = Image.new(mode, (WIDE, WIDE), 0)
        out.paste(part, corner)
        return out
    # Blurred with its edge: colour times share, as light mixes.
    share = np.asarray(mask, np.float32)[..., None] / 255
    light = Image.fromarray((np.asarray(image, np.float32) * share).astype(np.uint8))
    light, alpha, head = canvas(light, "RGB"), canvas(mask, "L"), canvas(head, "L")
    if blur > 0.3:
        light, alpha, head = (part.filter(ImageFilter.GaussianBlur(blur)) for part in (light, alpha, head))
    alpha = np.asarray(alpha, np.float32)[..., None] / 255
    whole = Image.fromarray(np.clip(np.asarray(whole, np.float32) * (1 - alpha) + np.asarray(light, np.float32), 0, 255).astype(np.uint8))
    return whole, np.maximum(known, np.asarray(head, np.float32) / 255)


def sample(people, rng):
    """A picture SIDE x SIDE x 3 and for each cell how much of it is somebody else's head, 0-1."""
    main = rng.choice(people)
    by = rng.uniform(0.87, 1.13)
    size = (int(main.image.width * by), int(main.image.height * by))
    at = (int(WIDE * (0.5 + rng.uniform(-.05, .05)) - main.eyes[0] * by), int(WIDE * (EYES + rng.uniform(-.05, .05)) - main.eyes[1] * by))
    image, mask = main.image.resize(size, Image.BICUBIC), main.mask.resize(size, Image.BILINEAR)

    def canvas(part, mode):
        out = Image.new(mode, (WIDE, WIDE), 0)
        out.paste(part, at)
        return out
    front, share = canvas(image, "RGB"), np.asarray(canvas(mask, "L"), np.float32)[..., None] / 255
    own = canvas(Image.new("L", size, 255), "L")
    kind = rng.random()
    behind = front if kind < 0.3 and not main.studio else shapes(backdrop(people, rng), rng) if rng.random() < 0.5 else backdrop(people, rng)
    known = np.zeros((WIDE, WIDE), np.float32)
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 3])):
        behind, known = stranger(people, behind, known, rng)
    share = np.clip((share - 0.2) / 0.6, 0, 1)
    whole = np.asarray(front, np.float32) * share + np.asarray(behind, np.float32) * (1 - share)
    known = known * (1 - share[..., 0])
    # Nothing lies outside the picture; often the picture is only the delivered part.
    edge = np.asarray(own)[..., None] / 255
    if rng.random() < 0.35:
        cut = np.zeros((WIDE, WIDE, 1), np.float32)
        w = WIDE * rng.uniform(0.56, 0.87)
        x, y = (WIDE - w) / 2, max(0, WIDE * 0.4 - w * 4 / 3 * rng.uniform(.33, .46))
        cut[int(y):int(y + w * 4 / 3), int(x):int(x + w)] = 1
        edge = edge * cut
    elif rng.random() < 0.5:
        edge = np.ones_like(edge)
        whole = np.where(np.asarray(own)[..., None] > 0, whole, np.asarray(behind, np.float32))
    whole, known = whole * edge, known * edge[..., 0]
    picture = Image.fromarray(np.clip(whole, 0, 255).astype(np.uint8))
    if rng.random() < 0.5:
        picture = ImageEnhance.Brightness(picture).enhance(rng.uniform(0.7, 1.25))
    if rng.random() < 0.5:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=rng.randint(50, 95))
        picture = Image.open(file).convert("RGB")
    small = np.asarray(picture.resize((SIDE, SIDE), Image.BOX))
    cells = known.reshape(SIDE // CELL, 2 * CELL, SIDE // CELL, 2 * CELL).mean((1, 3))
    return small, cells.astype(np.float32)


def loss_of(logits, y):
    """Cells a third full of a head are marked; those with less do not count."""
    marked, clean = (y > 0.3).float(), (y < 0.02).float()
    each = F.binary_cross_entropy_with_logits(logits, marked, reduction="none")
    weight = 3.0 * marked + clean
    return (each * weight).sum() / weight.sum()


def view(path, found):
    """A whole portrait as the network sees it in use."""
    image = Image.open(path).convert("RGB")
    side = FACES * found["width"]
    left, top = found["eyes"][0] - side / 2, found["eyes"][1] - side * EYES
    part = image.crop((int(left), int(top), int(left + side), int(top + side)))
    return np.asarray(part.resize((SIDE, SIDE), Image.BOX))


def surest(net, pictures, most=3):
    net.eval()
    with torch.no_grad():
        x = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255
        out = torch.sigmoid(net(x)).flatten(1).topk(most).values.mean(1).numpy()
    net.train()
    return out


def main():
    root, faces, out, minutes = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
    selfie = onnxruntime.InferenceSession(f"{root}/assets/models/selfie_256.onnx")
    found = {p: f for p, f in sorted(json.load(open(faces)).items()) if "/portraits/" in p and not any(o in p for o in OTHERS)}
    people = [Person(p, f, selfie) for p, f in found.items()]
    print(f"{len(people)} portraits")
    own = [view(p, f) for p, f in found.items() if "/raw/" in p]
    torch.manual_seed(1)
    torch.set_num_threads(1)
    rng = random.Random(1)
    net = Marks().to(memory_format=torch.channels_last)
    if len(sys.argv) > 5:
        take(net, sys.argv[5])
    best = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=1e-4)
    start, total, step, mean, shown = time.time(), minutes * 60, 0, 0.0, time.time()
    pool = []
    while (spent := time.time() - start) < total:
        for g in best.param_groups:
            g["lr"] = RATE * min(1, (step + 1) / 60) * (0.5 + 0.5 * math.cos(math.pi * spent / total)) + 1e-5
        # Six new ones a step; the rest were seen before.
        pool += [sample(people, rng) for _ in range(6 if step else 200)]
        pool = pool[-6000:]
        some = pool[-6:] + [pool[rng.randrange(len(pool))] for _ in range(BATCH - 6)]
        x = torch.from_numpy(np.stack([s[0] for s in some])).permute(0, 3, 1, 2).float() / 255
        y = torch.from_numpy(np.stack([s[1] for s in some]))
        if rng.random() < 0.5:
            x, y = x.flip(3), y.flip(2)
        x = x * (1 + 0.15 * (torch.rand(BATCH, 3, 1, 1) - 0.5)) * (1 + 0.5 * (torch.rand(BATCH, 1, 1, 1) - 0.5))
        x = (x + torch.randn_like(x) * rng.uniform(0, 0.03)).clamp(0, 1)
        loss = loss_of(net(x.to(memory_format=torch.channels_last)), y)
        best.zero_grad()
        loss.backward()
        best.step()
        step += 1
        mean += 0.02 * (loss.item() - mean) if step > 1 else loss.item()
        if time.time() - shown > 60:
            shown = time.time()
            alone = np.sort(surest(net, own))
            print(f"{spent / 60:.1f} min, step {step}, loss {mean:.4f}; portraits alone, surest {np.round(alone[-6:], 2)}", flush=True)
            torch.save(net.state_dict(), out)
    torch.save(net.state_dict(), out)


if __name__ == "__main__":
    main()
