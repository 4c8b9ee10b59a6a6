"""Where are the faces of the pictures to train on? BlazeFace through onnxruntime; only people of the tuning half.

    python faces.py ROOT OUT.json [BANK]

ROOT is the repository. BANK is a folder the accuracy example wrote with --pictures; its drawn marks are left out.
"""
import json
import os
import sys

import numpy as np
import onnxruntime
from PIL import Image

SPLIT = 0x5EED000E  # as in crates/assess/examples/accuracy/people.rs
NEW = 0.8           # a face this sure; what hides more of it is no use here


def tuned(name):
    h = SPLIT
    for byte in name.encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return (h >> 16) % 2 == 1


def anchors():
    near = [((x + .5) / 16, (y + .5) / 16) for y in range(16) for x in range(16) for _ in range(2)]
    far = [((x + .5) / 8, (y + .5) / 8) for y in range(8) for x in range(8) for _ in range(6)]
    return np.array(near + far)


def find(session, image):
    """Score, middle of the eyes and width of the surest face."""
    side = max(image.size)
    whole = Image.new("RGB", (side, side))
    left, top = (side - image.width) // 2, (side - image.height) // 2
    whole.paste(image, (left, top))
    pixels = np.asarray(whole.resize((128, 128), Image.BOX), np.float32) / 127.5 - 1
    answer = session.run(None, {session.get_inputs()[0].name: pixels[None]})
    scores = next(a for a in answer if a.size == 896).reshape(-1)
    boxes = next(a for a in answer if a.size == 896 * 16).reshape(896, 16)
    best = int(scores.argmax())
    box, (ax, ay) = boxes[best], anchors()[best]
    eyes = [((box[4 + 2 * k] / 128 + ax) * side - left, (box[5 + 2 * k] / 128 + ay) * side - top) for k in range(2)]
    middle = [float(eyes[0][0] + eyes[1][0]) / 2, float(eyes[0][1] + eyes[1][1]) / 2]
    # The detector's square is 1.08 of the face's width (crates/face/src/find.rs).
    return float(1 / (1 + np.exp(-scores[best]))), middle, float(box[2] / 128 * side / 1.08)


def main():
    root, out = sys.argv[1], sys.argv[2]
    session = onnxruntime.InferenceSession(f"{root}/assets/models/blazeface_short_128.onnx")
    pictures = []
    for folder, weight in (("raw", 1.5), ("studio", 3)):
        where = f"{root}/tests/portraits/{folder}"
        pictures += [(f"{where}/{f}", weight) for f in sorted(os.listdir(where)) if tuned(f[:-4])]
    if len(sys.argv) > 3:
        people = [f[:-4] for f in os.listdir(f"{root}/tests/portraits/studio") if tuned(f[:-4])]
        for f in sorted(os.listdir(sys.argv[3])):
            if any(f.endswith(f"-{p}.jpg") for p in people) and not f.startswith("watermark"):
                pictures.append((f"{sys.argv[3]}/{f}", 1 if f.startswith("clean") else 0.25))
    found = {}
    for path, weight in pictures:
        score, eyes, width = find(session, Image.open(path).convert("RGB"))
        if score > NEW:
            found[path] = {"eyes": eyes, "width": width, "weight": weight}
    json.dump(found, open(out, "w"), indent=0)
    print(f"{len(found)} of {len(pictures)} pictures, weight of all {sum(f['weight'] for f in found.values()):.0f}")


if __name__ == "__main__":
    main()
