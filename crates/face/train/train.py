"""How is the network for marks trained? Adam on pictures of pictures.py; the best of the last rounds is kept.

    python train.py OUT.pt MINUTES PATTERN [--from OLD.onnx]

PATTERN names the shards, without .x.npy; those that are made meanwhile are taken along.
"""
import glob
import random
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from net import Marks, take

BATCH = 16
RATE = 2e-3
# Pictures for the report; the people are the same, the marks are not.
HELD = 300


def augmented(x, rng):
    """Gains of light and colour, noise, mirror: cheap, so that shards can be used again and again."""
    x = x.permute(0, 3, 1, 2).float() / 255
    n = x.shape[0]
    x = x * (1 + 0.15 * (torch.rand(n, 3, 1, 1) - 0.5)) * (1 + 0.5 * (torch.rand(n, 1, 1, 1) - 0.5))
    if rng.random() < 0.4:
        x = x + torch.randn_like(x) * rng.uniform(0, 0.03)
    return x.clamp(0, 1)


def loss_of(logits, y):
    """Cells with a visible share of ink are marked, cells with a trace of it do not count."""
    marked, clean = (y > 25).float(), (y == 0).float()
    each = F.binary_cross_entropy_with_logits(logits, marked, reduction="none")
    pixels = (each * (2.0 * marked + clean)).sum() / (2.0 * marked + clean).sum()
    # The whole picture: its surest cells together.
    top = logits.flatten(1).topk(8).values.mean(1)
    any_mark = (marked.flatten(1).sum(1) >= 3).float()
    none = (y.flatten(1).sum(1) == 0).float()
    whole = F.binary_cross_entropy_with_logits(top, any_mark, reduction="none")
    return pixels + 0.3 * (whole * (any_mark + none)).sum() / (any_mark + none).sum().clamp(min=1)


def scores(net, x, y):
    """Surest eight cells' mean, and whether there is a mark."""
    out, truth = [], []
    net.eval()
    with torch.no_grad():
        for i in range(0, len(x), 32):
            b = torch.from_numpy(x[i:i + 32]).permute(0, 3, 1, 2).float() / 255
            out.append(torch.sigmoid(net(b)).flatten(1).topk(8).values.mean(1).numpy())
            truth.append((y[i:i + 32] > 25).reshape(len(b), -1).sum(1))
    net.train()
    return np.concatenate(out), np.concatenate(truth)


def report(s, t):
    clean = np.sort(s[t == 0])
    line = []
    for false in (0.10, 0.05, 0.02):
        limit = clean[int((1 - false) * (len(clean) - 1))] if len(clean) else 1
        line.append(f"{100 * (s[t >= 3] > limit).mean():.1f}% at {100 * false:.0f}% false (limit {limit:.3f})")
    return ", ".join(line)


def more(pattern, data, index):
    """Takes up shards that are complete; the first pictures of the first are kept apart."""
    for labels in sorted(glob.glob(pattern + ".y.npy")):
        name = labels.removesuffix(".y.npy")
        if name not in data:
            start = HELD if not data else 0
            data[name] = (np.load(name + ".x.npy"), np.load(labels))
            index.extend((name, i) for i in range(start, len(data[name][1])))


def main():
    args = sys.argv[1:]
    old = None
    if "--from" in args:
        i = args.index("--from")
        old = args[i + 1]
        del args[i:i + 2]
    out, minutes, pattern = args[0], float(args[1]), args[2]
    torch.manual_seed(1)
    # Two threads wait for each other more than they work on a busy machine.
    torch.set_num_threads(1)
    rng = random.Random(1)
    net = Marks().to(memory_format=torch.channels_last)
    if old:
        take(net, old)
    data, index = {}, []
    more(pattern, data, index)
    first = data[min(data)]
    held = (first[0][:HELD], first[1][:HELD])
    best = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=1e-4)
    start, total, step, mean, shown = time.time(), minutes * 60, 0, 0.0, time.time()
    while (spent := time.time() - start) < total:
        rate = RATE * min(1, (step + 1) / 60) * (0.5 + 0.5 * np.cos(np.pi * spent / total)) + 1e-5
        for g in best.param_groups:
            g["lr"] = rate
        some = rng.sample(index, BATCH)
        x = torch.from_numpy(np.stack([data[d][0][i] for d, i in some]))
        y = torch.from_numpy(np.stack([data[d][1][i] for d, i in some])).float()
        if rng.random() < 0.5:
            x, y = x.flip(2), y.flip(2)
        with torch.autocast("cpu", torch.bfloat16):
            logits = net(augmented(x, rng).to(memory_format=torch.channels_last))
        loss = loss_of(logits.float(), y)
        best.zero_grad()
        loss.backward()
        best.step()
        step += 1
        mean += 0.02 * (loss.item() - mean) if step > 1 else loss.item()
        if time.time() - shown > 60:
            shown = time.time()
            print(f"{spent / 60:.1f} min, step {step}, loss {mean:.4f}; {report(*scores(net, *held))}", flush=True)
            torch.save(net.state_dict(), out)
            more(pattern, data, index)
    torch.save(net.state_dict(), out)
    print(report(*scores(net, *held)))


if __name__ == "__main__":
    main()
