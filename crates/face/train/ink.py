"""Which marks may be written over a portrait? Words, tiles of words, dates, signs, crosses: drawn with many fonts, blends and sizes.

`draw(picture, rng)` puts one kind of mark over a picture and returns it; everything comes from `rng`.
"""
import glob
import math
import random

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

LATIN = [f for p in ("dejavu", "liberation*", "freefont", "lato", "inconsolata", "comic*")
         for f in glob.glob(f"/usr/share/fonts/**/{p}/*.[to]tf", recursive=True)]
CHINESE = [f for p in ("noto/*CJK*", "wqy/*", "arphic/*") for f in glob.glob(f"/usr/share/fonts/**/{p}.tt[cf]", recursive=True)]

WORDS = ["SAMPLE", "PROOF", "COPYRIGHT", "PREVIEW", "DRAFT", "VOID", "SPECIMEN", "DO NOT COPY", "Studio", "Photo", "www.photo.cn",
         "@studio_88", "NOT FOR PRINT", "Portrait", "CONFIDENTIAL", "shutter.com", "test", "demo only", "COPY", "trial version",
         "Picture Lab", "IMG_2041", "(c) 2023", "HD", "VIP", "Camera", "Free", "ID photo", "QQ 83562711", "tel 138-0013-8000"]
HAN = "样张水印仅供预览图片版权所有翻印必究证件照相馆摄影测试禁止使用学校大学毕业生采集中心新华社用于审核工作室复印无效专用章北京上海广州未付款"


def font(rng, size, han=False):
    return ImageFont.truetype(rng.choice(CHINESE if han else LATIN), max(8, int(size)))


def text(rng):
    """A word or a line and whether it needs Chinese letters."""
    kind = rng.random()
    if kind < 0.4:
        word = rng.choice(WORDS)
        return (word.upper() if rng.random() < 0.3 else word), False
    if kind < 0.55:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.@ "
        return "".join(rng.choice(letters) for _ in range(rng.randint(3, 14))).strip() or "XY", False
    start = rng.randrange(len(HAN) - 8)
    word = HAN[start:start + rng.randint(2, 8)] if rng.random() < 0.7 else "".join(rng.choice(HAN) for _ in range(rng.randint(1, 7)))
    if rng.random() < 0.2:
        word += " " + rng.choice(WORDS)
    return word, True


def ink(rng):
    """Colour and how opaque it is."""
    kind = rng.random()
    if kind < 0.35:
        colour = (255, 255, 255)
    elif kind < 0.6:
        colour = (rng.choice([0, 20, 60, 110, 128, 160, 200, 230]),) * 3
    else:
        hue = Image.new("HSV", (1, 1), (rng.randrange(256), rng.randint(90, 255), rng.randint(90, 255)))
        colour = hue.convert("RGB").getpixel((0, 0))
    return colour, rng.uniform(0.22, 0.8)


def spaced(draw, at, word, face, gap, fill):
    """Writes a word with more or less room between its letters."""
    x = at[0]
    for letter in word:
        draw.text((x, at[1]), letter, font=face, fill=fill)
        x += draw.textlength(letter, font=face) + gap


def line(rng, size, word=None):
    """One line of writing as a mask."""
    word, han = word or text(rng)
    face = font(rng, size, han)
    gap = rng.choice([0, 0, 0, size * rng.uniform(0.05, 0.5)])
    probe = ImageDraw.Draw(Image.new("L", (4, 4)))
    wide = int(sum(probe.textlength(c, font=face) + gap for c in word)) + int(size)
    mask = Image.new("L", (max(wide, 8), int(size * 1.7) + 4), 0)
    draw = ImageDraw.Draw(mask)
    outline = rng.random() < 0.15
    if gap:
        spaced(draw, (size * 0.4, size * 0.15), word, face, gap, 255)
    elif outline:
        width = max(1, int(size / 22))
        draw.text((size * 0.4, size * 0.15), word, font=face, fill=0, stroke_width=width, stroke_fill=255)
    else:
        draw.text((size * 0.4, size * 0.15), word, font=face, fill=255)
    return mask


def put(mask, part, middle, turn):
    """Lays a part onto a mask, turned by degrees, with its middle at a point."""
    if turn:
        part = part.rotate(turn, resample=Image.BICUBIC, expand=True)
    at = (int(middle[0] - part.width / 2), int(middle[1] - part.height / 2))
    whole = Image.new("L", mask.size, 0)
    whole.paste(part, at)
    return ImageChops.lighter(mask, whole)


def words(rng, size, area):
    """One line, or two, anywhere: also over face and clothes."""
    x0, y0, x1, y1 = area
    high = (x1 - x0) * rng.uniform(0.035, 0.17)
    part = line(rng, high)
    most = (x1 - x0) * rng.uniform(0.5, 1.3)
    if part.width > most:
        part = part.resize((int(most), max(6, int(part.height * most / part.width))), Image.BICUBIC)
    turn = rng.choice([0, 0, rng.uniform(-45, 45), rng.uniform(20, 60), -rng.uniform(20, 60), 90])
    at = (rng.uniform(x0 + 0.2 * (x1 - x0), x1 - 0.2 * (x1 - x0)), rng.uniform(y0 + 0.06 * (y1 - y0), y1 - 0.04 * (y1 - y0)))
    mask = put(Image.new("L", size, 0), part, at, turn)
    if rng.random() < 0.2:
        lower = line(rng, high * rng.uniform(0.3, 0.7))
        rad = math.radians(turn)
        mask = put(mask, lower, (at[0] + math.sin(rad) * high * 1.4, at[1] + math.cos(rad) * high * 1.4), turn)
    return mask


def tiled(rng, size, area):
    """The same line again and again."""
    x0, y0, x1, y1 = area
    part = line(rng, (x1 - x0) * rng.uniform(0.025, 0.08))
    turn = rng.choice([0, rng.uniform(-45, 45), rng.uniform(15, 45)])
    part = part.rotate(turn, resample=Image.BICUBIC, expand=True) if turn else part
    across, down = part.width * rng.uniform(0.9, 2.0), part.height * rng.uniform(1.0, 2.5) + 8
    mask = Image.new("L", size, 0)
    y, odd = y0 - rng.uniform(0, down), 0
    while y < y1 and down > 4:
        x = x0 - rng.uniform(0, 0.2) * across - odd * across / 2
        while x < x1:
            mask.paste(255, (int(x), int(y)), part)
            x += across
        y += down
        odd = 1 - odd
    return mask


SEGMENTS = {"0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd", "6": "afgedc", "7": "abc",
            "8": "abcdefg", "9": "abcdfg", "-": "g", " ": ""}


def digits(rng, word, high):
    """Seven-segment digits as cameras stamp them."""
    wide, thick, step = high * 0.55, max(1.5, high * rng.uniform(0.08, 0.15)), high * 0.8
    mask = Image.new("L", (int(step * len(word) + high), int(high * 1.4) + 4), 0)
    draw = ImageDraw.Draw(mask)
    x, top = high * 0.3, high * 0.15
    for c in word:
        l, r, t, m, b = x, x + wide, top, top + high / 2, top + high
        ends = {"a": (l, t, r, t), "b": (r, t, r, m), "c": (r, m, r, b), "d": (l, b, r, b), "e": (l, m, l, b), "f": (l, t, l, m), "g": (l, m, r, m)}
        if c in SEGMENTS:
            for s in SEGMENTS[c]:
                draw.line(ends[s], fill=255, width=int(round(thick)))
        elif c in "'’":
            draw.line((l, t, l, t + high * 0.2), fill=255, width=int(round(thick)))
        else:
            draw.ellipse((l, b - 2 * thick, l + 1.5 * thick, b), fill=255)
            if c == ":":
                draw.ellipse((l, m - thick, l + 1.5 * thick, m + thick / 2), fill=255)
        x += step * (0.5 if c in ".:'’ " else 1.0)
    return mask


def date(rng, size, area):
    """A date or a time in a corner."""
    x0, y0, x1, y1 = area
    y, mo, d = rng.randint(1998, 2026), rng.randint(1, 12), rng.randint(1, 28)
    word = rng.choice([f"{y}-{mo:02}-{d:02}", f"{y}/{mo:02}/{d:02}", f"{y}.{mo}.{d}", f"'{y % 100:02} {mo} {d}", f"{mo:02} {d:02} {y}",
                       f"{y}-{mo:02}-{d:02} {rng.randint(0, 23):02}:{rng.randint(0, 59):02}", f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}"])
    high = (x1 - x0) * rng.uniform(0.03, 0.075)
    part = digits(rng, word, high) if rng.random() < 0.5 else line(rng, high, (word, False))
    part = part.crop(part.getbbox() or (0, 0, 8, 8))
    side, below = rng.random(), rng.random() < 0.7
    pad = rng.uniform(0.015, 0.06) * (x1 - x0)
    x = x1 - pad - part.width / 2 if side < 0.6 else x0 + pad + part.width / 2 if side < 0.9 else (x0 + x1) / 2
    return put(Image.new("L", size, 0), part, (x, y1 - pad - part.height / 2 if below else y0 + pad + part.height / 2), 0)


def sign(rng, size, area):
    """A logo or a seal: rings, stars, polygons, letters."""
    x0, y0, x1, y1 = area
    r = (x1 - x0) * rng.uniform(0.05, 0.2)
    side = int(2 * r) + 6
    part = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(part)
    c = side / 2

    def polygon(n, radius, inner=None, turn=-math.pi / 2):
        points = []
        for i in range(n * (2 if inner else 1)):
            a = turn + i * 2 * math.pi / (n * (2 if inner else 1))
            q = inner if inner and i % 2 else radius
            points.append((c + q * math.cos(a), c + q * math.sin(a)))
        return points
    thick = max(1, int(r * rng.uniform(0.04, 0.18)))
    frame = rng.random()
    if frame < 0.5:
        draw.ellipse((c - r, c - r, c + r, c + r), outline=255, width=thick)
        if rng.random() < 0.4:
            q = r * 0.75
            draw.ellipse((c - q, c - q, c + q, c + q), outline=255, width=max(1, thick // 2))
    elif frame < 0.75:
        k = rng.uniform(0.4, 1.0)
        draw.rounded_rectangle((c - r, c - r * k, c + r, c + r * k), radius=r * rng.choice([0, 0.2]), outline=255, width=thick)
    elif frame < 0.88:
        draw.polygon(polygon(rng.randint(3, 8), r), outline=255, width=thick)
    heart = rng.random()
    if heart < 0.35:
        draw.polygon(polygon(rng.randint(4, 8), r * 0.65, r * rng.uniform(0.2, 0.4)), fill=255)
    elif heart < 0.75:
        word, han = text(rng)
        word = word[:rng.randint(1, 3)]
        face = font(rng, r * (1.1 if len(word) == 1 else 0.7), han)
        draw.text((c, c), word, font=face, fill=255, anchor="mm")
    else:
        for _ in range(rng.randint(2, 5)):
            a, b = rng.uniform(0, 6.28), rng.uniform(0, 6.28)
            draw.arc((c - r * .6, c - r * .6, c + r * .6, c + r * .6), math.degrees(a), math.degrees(a) + rng.uniform(30, 180), fill=255, width=thick)
            draw.line((c + r * .6 * math.cos(a), c + r * .6 * math.sin(a), c + r * .6 * math.cos(b), c + r * .6 * math.sin(b)), fill=255, width=thick)
    if rng.random() < 0.4:
        n = rng.randint(6, 16)
        word = "".join(rng.choice(HAN) for _ in range(n))
        face = font(rng, r * 0.28, True)
        for i, letter in enumerate(word):
            a = math.pi * (0.75 + 1.5 * i / n)
            glyph = Image.new("L", (int(r * .4) + 2,) * 2, 0)
            ImageDraw.Draw(glyph).text((glyph.width / 2, glyph.height / 2), letter, font=face, fill=255, anchor="mm")
            part = put(part, glyph, (c + r * .82 * math.cos(a), c + r * .82 * math.sin(a)), -math.degrees(a) - 90)
    place = rng.random()
    if place < 0.4:
        at = (rng.choice([x0 + r * 1.2, x1 - r * 1.2]), rng.choice([y0 + r * 1.2, y1 - r * 1.4]))
    elif place < 0.8:
        # On the chest, also cut by the lower edge.
        at = (rng.uniform(x0 + r, x1 - r), y1 - rng.uniform(0.3, 1.6) * (x1 - x0) * 0.25)
    else:
        at = (rng.uniform(x0 + r, x1 - r), rng.uniform(y0 + r, y1 - r))
    mask = put(Image.new("L", size, 0), part, at, rng.choice([0, 0, rng.uniform(-30, 30)]))
    if rng.random() < 0.5:
        mask = put(mask, line(rng, r * rng.uniform(0.3, 0.6)), (at[0], at[1] + r * 1.4), 0)
    return mask


def cross(rng, size, area):
    """Lines from corner to corner, often with a word. No parallel ones: suits have those."""
    x0, y0, x1, y1 = area
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    width = rng.choice([1, 2, 2, 3, 4])
    draw.line((x0, y0, x1, y1), fill=255, width=width)
    draw.line((x0, y1, x1, y0), fill=255, width=width)
    return ImageChops.lighter(mask, words(rng, size, area)) if rng.random() < 0.7 else mask


KINDS = [(words, 0.38), (tiled, 0.06), (date, 0.08), (sign, 0.45), (cross, 0.03)]


def blended(picture, mask, colour, opaque, rng):
    """The picture with ink where the mask is: painted, lightened, darkened or embossed."""
    if rng.random() < 0.3:
        mask = mask.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2)))
    mask = mask.point(lambda v: int(v * opaque))
    how = rng.random()
    if how < 0.78:
        over = Image.new("RGB", picture.size, colour)
    elif how < 0.86:
        over = ImageChops.screen(picture, Image.new("RGB", picture.size, colour))
    elif how < 0.92:
        over = ImageChops.multiply(picture, Image.new("RGB", picture.size, colour))
    else:
        dark = ImageChops.offset(mask, rng.choice([1, 2]), rng.choice([1, 2]))
        picture = Image.composite(Image.new("RGB", picture.size, (0, 0, 0)), picture, dark)
        over = Image.new("RGB", picture.size, (255, 255, 255))
    return Image.composite(over, picture, mask)


def draw(picture, area, seed):
    """One mark over a picture, somewhere in an area (left, top, right, bottom)."""
    rng = random.Random(seed)
    kind = rng.choices([k for k, _ in KINDS], [w for _, w in KINDS])[0]
    colour, opaque = ink(rng)
    if kind is date:
        opaque = rng.uniform(0.6, 1.0)
        if rng.random() < 0.6:
            colour = rng.choice([(255, 140, 20), (255, 190, 60), (255, 230, 80), (240, 60, 40), (255, 255, 255), (120, 255, 120)])
    if kind is sign and rng.random() < 0.3:
        opaque = rng.uniform(0.7, 1.0)
    return blended(picture, kind(rng, picture.size, area), colour, opaque, rng)


def woven(picture, rng):
    """Fine stripes or checks over a shirt, lighter and darker in turn, also beating where they are finer than the pixels."""
    w, h = picture.size
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    turn, step = rng.uniform(-0.5, 0.5) + rng.choice([0, math.pi / 2]), rng.uniform(1.6, 9)
    bend = rng.uniform(0, 3) * np.sin(x / w * rng.uniform(1, 9) + rng.uniform(0, 6)) * np.sin(y / h * rng.uniform(1, 9))
    wave = np.sin((x * math.cos(turn) + y * math.sin(turn)) * 2 * math.pi / step + bend)
    if rng.random() < 0.5:
        wave = np.maximum(wave, np.sin((y * math.cos(turn) - x * math.sin(turn)) * 2 * math.pi / step + bend))
    area = Image.new("L", picture.size, 0)
    wide, top = rng.uniform(0.1, 0.5) * w, rng.uniform(0.55, 0.85) * h
    middle = w / 2 + rng.uniform(-0.2, 0.2) * w
    ImageDraw.Draw(area).polygon([(middle - wide * 0.5, top), (middle + wide * 0.5, top), (middle + wide, h), (middle - wide, h)], fill=255)
    area = np.asarray(area.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 4))), np.float32) / 255
    tint = np.array([rng.uniform(0.5, 1) for _ in range(3)], np.float32)
    change = (wave * area)[..., None] * tint * rng.uniform(5, 40)
    return Image.fromarray(np.clip(np.asarray(picture, np.float32) + change, 0, 255).astype(np.uint8))


def things(picture, rng):
    """What is no mark though it looks a little like one: badges, beads, strands, stripes of cloth, frames, soft blots."""
    picture = woven(picture, rng) if rng.random() < 0.4 else picture.copy()
    w, h = picture.size
    unit = w / 12

    def colour():
        return tuple(rng.randrange(256) for _ in range(3))
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
        part = Image.new("RGBA", picture.size, (0, 0, 0, 0))
        draw = ImageDraw.Draw(part)
        x, y = rng.uniform(0.1, 0.9) * w, rng.uniform(0.25, 1.0) * h
        kind = rng.randrange(6)
        if kind == 0:
            r = unit * rng.uniform(0.15, 0.45)
            for k in (1.0, 0.8, 0.4):
                c = colour()
                draw.ellipse((x - r * k, y - r * k, x + r * k, y + r * k), fill=c + (255,))
        elif kind == 1:
            c, r, bend = colour(), unit * rng.uniform(0.06, 0.16), rng.uniform(0.5, 2.0)
            for i in range(rng.randint(8, 30)):
                t = i / 30 - 0.5
                px, py = x + t * unit * 5, y + bend * unit * (0.25 - t * t) * 4
                lit = rng.uniform(0.7, 1.2)
                draw.ellipse((px - r, py - r, px + r, py + r), fill=tuple(min(255, int(v * lit)) for v in c) + (255,))
        elif kind == 2:
            c, lean, length = colour(), rng.uniform(-1, 1), unit * rng.uniform(1, 4)
            for i in range(rng.randint(5, 60)):
                a, lit = x + rng.gauss(0, unit * 0.5), rng.uniform(0.6, 1.3)
                points = [(a + lean * k * k * length * 0.3 + rng.gauss(0, 1), y + k * length) for k in (0, 0.25, 0.5, 0.75, 1)]
                draw.line(points, fill=tuple(min(255, int(v * lit)) for v in c) + (rng.randint(90, 255),), width=rng.choice([1, 1, 2]))
        elif kind == 3:
            c, step, turn = colour(), unit * rng.uniform(0.12, 0.6), rng.uniform(-1.2, 1.2)
            half = unit * rng.uniform(0.4, 2.5)
            opaque = rng.randint(30, 255)
            for i in range(-40, 41):
                cx, cy = x + i * step * math.cos(turn), y + i * step * math.sin(turn)
                dx, dy = -math.sin(turn) * half, math.cos(turn) * half
                if abs(i * step) < half:
                    draw.line((cx - dx, cy - dy, cx + dx, cy + dy), fill=c + (opaque,), width=max(1, int(step * rng.uniform(0.2, 0.5))))
        elif kind == 4:
            c, r, thick = colour(), unit * rng.uniform(0.5, 1.0), rng.randint(1, 5)
            y = rng.uniform(0.3, 0.5) * h
            for s in (-1, 1):
                draw.rounded_rectangle((x + s * r * 1.2 - r, y - r * 0.7, x + s * r * 1.2 + r, y + r * 0.7), radius=r * rng.uniform(0.2, 0.7), outline=c + (255,), width=thick)
            draw.line((x - r * 0.2, y, x + r * 0.2, y), fill=c + (255,), width=thick)
        else:
            c, r = colour(), unit * rng.uniform(0.3, 2.0)
            draw.polygon([(x + rng.gauss(0, r), y + rng.gauss(0, r)) for _ in range(rng.randint(3, 7))], fill=c + (rng.randint(60, 255),))
            part = part.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 6)))
        picture.paste(part, (0, 0), part)
    return picture
