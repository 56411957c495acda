"""Kills a training run at random times and resumes it: kills.py VQA FOLDER COUNT [SEED].

Every run that comes to its end must have the bytes of the model of a run that nobody killed; after every kill each
checkpoint must be whole, and the next run must go on from the newest one. Exits 1 when one of these is not so.
"""

import json
import math
import os
import re
import struct
import sys
import time

from tiny import Vqa, fail, seeded

SIZES = {"F32": 4, "F64": 8, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "U8": 1, "BOOL": 1}


def is_whole(data):
    """Whether a safetensors file has every byte that its header promises."""
    if len(data) < 8:
        return False
    (length,) = struct.unpack("<Q", data[:8])
    if length > len(data) - 8:
        return False
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    ends = [entry["data_offsets"][1] for entry in header.values()]
    sizes = sum(math.prod(entry["shape"]) * SIZES[entry["dtype"]] for entry in header.values())
    return max(ends) == sizes == len(data) - 8 - length


def checkpoints(vqa):
    """Steps of the checkpoints, the newest last."""
    found = [re.fullmatch(r"checkpoint-(\d+)\.safetensors", name) for name in vqa.names("run")]
    return sorted(int(match[1]) for match in found if match)


def wait(run, is_there):
    """Waits until something is there, or the run has ended."""
    while run.poll() is None and not is_there():
        time.sleep(0.001)


def main():
    program, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    numbers = seeded(int(sys.argv[4]) if len(sys.argv) > 4 else 0)
    vqa = Vqa(program, folder)
    vqa.make_set(60)
    begun = time.monotonic()
    whole = vqa.read(vqa.make_model())
    longest = min(0.5, time.monotonic() - begun)
    kills = ends = fresh = stray = written = 0
    newest = None
    while kills < count or newest is not None:
        words = ["train", "recipe.json", "--output", "run"] + (["--resume"] if newest else [])
        run = vqa.start(*words, errors="errors")
        if kills < count:
            # A third is killed while it begins, a third while it learns, a third about when it writes.
            third = numbers.randrange(3)
            if third == 1:
                wait(run, lambda: os.path.getsize(vqa.path("errors")) > 0)
            if third == 2:
                wait(run, lambda: checkpoints(vqa)[-1:] not in ([], [newest]))
            time.sleep(numbers.uniform(0, longest if third < 2 else 0.05))
            run.kill()
        code = run.wait()
        said = vqa.read("errors").decode()
        if newest and "going on from" in said and f"checkpoint-{newest}.safetensors" not in said:
            fail(f"kill {kills}: did not go on from step {newest}, the newest\n{said}")
        steps = checkpoints(vqa)
        for step in steps:
            if not is_whole(vqa.read(f"run/checkpoint-{step}.safetensors")):
                fail(f"kill {kills}: checkpoint {step} is not whole")
        if newest and (not steps or steps[-1] < newest):
            fail(f"kill {kills}: step {newest} was there and is lost")
        if code == -9:
            kills += 1
            fresh += 0 if steps else 1
            written += bool(steps) and steps[-1] != newest
            stray += any(".tmp" in name for name in vqa.names("run"))
            newest = steps[-1] if steps else None
            continue
        if code != 0:
            fail(f"kill {kills}: the run ended with {code}\n{said}")
        if vqa.read("run/model.safetensors") != whole:
            fail(f"kill {kills}: the model has other bytes than that of a run that nobody killed")
        left = [name for name in vqa.names("run") if ".tmp" in name]
        if left:
            fail(f"kill {kills}: temporary files are left: {left}")
        ends += 1
        newest = None
        vqa.run("train", "recipe.json", "--output", "run", "--resume")
        for name in vqa.names("run"):
            os.unlink(vqa.path(f"run/{name}"))
    print(
        f"kills: {kills} SIGKILLs, {ends} runs came to their end with the same bits, 0 unreadable checkpoints, "
        f"0 steps lost behind the newest one; {written} kills after a new checkpoint, {fresh} before the first, {stray} "
        "in the middle of writing")


main()
