"""What do the parts of a verdict cost elsewhere? One JSON line a peer: medians in milliseconds, decode excluded.

Run by `cargo xtask bench verdict` in a venv; the pictures come as arguments after the folder of the models.
"""
import json
import resource
import statistics
import sys
import time

import cv2
import mediapipe
import numpy
import onnxruntime

PASSES = 4  # The first warms up and does not count.


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(name, what, pictures, work):
    wall, spent = [], []
    for turn in range(PASSES):
        for picture in pictures:
            start, before = time.perf_counter(), cpu()
            work(picture)
            if turn:
                wall.append(time.perf_counter() - start)
                spent.append(cpu() - before)
    ms = lambda v: round(1000 * statistics.median(v), 2)
    print(json.dumps({"peer": name, "what": what, "wall_ms": ms(wall), "cpu_ms": ms(spent)}), flush=True)


def with_mediapipe(pictures):
    solutions = mediapipe.solutions
    mesh = solutions.face_mesh.FaceMesh(static_image_mode=True, max_num_faces=2, refine_landmarks=True)
    person = solutions.selfie_segmentation.SelfieSegmentation(model_selection=0)

    def work(picture):
        mesh.process(picture)
        person.process(picture)

    timed(f"MediaPipe {mediapipe.__version__} (Python)", "faces, 478 points, person mask", pictures, work)


def with_onnxruntime(models, pictures):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    load = lambda name: onnxruntime.InferenceSession(f"{models}/{name}", options, providers=["CPUExecutionProvider"])
    # Each network once on the whole frame scaled by OpenCV: no second pass, no tiles, nothing is read from the answers.
    networks = [
        load("blazeface_short_128.onnx"),
        load("face_landmarks_478_256.onnx"),
        load("face_landmarks_478_256.onnx"),
        load("selfie_256.onnx"),
        load("palm_detection_lite.onnx"),
    ]

    def work(picture):
        for network in networks:
            given = network.get_inputs()[0]
            shape = [d if isinstance(d, int) else 1 for d in given.shape]
            channels_first = shape[1] == 3
            height, width = (shape[2], shape[3]) if channels_first else (shape[1], shape[2])
            small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(numpy.float32) / 255
            tensor = small.transpose(2, 0, 1)[None] if channels_first else small[None]
            network.run(None, {given.name: numpy.ascontiguousarray(tensor)})

    what = "our five network runs only, no measures"
    timed(f"OpenCV {cv2.__version__} + onnxruntime {onnxruntime.__version__}", what, pictures, work)


def main():
    models, *files = sys.argv[1:]
    pictures = [cv2.cvtColor(cv2.imread(f), cv2.COLOR_BGR2RGB) for f in files]
    with_mediapipe(pictures)
    with_onnxruntime(models, pictures)


main()
