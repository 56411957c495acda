"""Watches the memory of one `vqa batch` over many pictures: memory.py VQA FOLDER COUNT.

Every picture has a name of its own and one question. Prints the slope of the resident memory over the last nine tenths of
the pictures, by least squares. Exits 1 when it is 1 KB a picture or more.
"""

import json
import os
import subprocess
import sys

from tiny import Vqa, fail

MOST = 1024
DRAWN = 200


def resident(process):
    """Resident memory of a process in bytes."""
    with open(f"/proc/{process.pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def slope(points):
    """The slope of the line that is nearest to the points."""
    middle = [sum(axis) / len(points) for axis in zip(*points)]
    above = sum((x - middle[0]) * (y - middle[1]) for x, y in points)
    return above / sum((x - middle[0]) ** 2 for x, _ in points)


def main():
    program, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    vqa = Vqa(program, folder)
    vqa.make_set(DRAWN, size=128)
    model = vqa.make_model()
    drawn = sorted(vqa.names("set/images"))
    os.mkdir(vqa.path("many"))
    for number in range(count):
        os.link(vqa.path("set/images/" + drawn[number % len(drawn)]), vqa.path(f"many/{number}.png"))
    process = vqa.start("batch", "--model", model, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    points = []
    step = max(1, count // 100)
    for first in range(0, count, step):
        numbers = range(first, min(count, first + step))
        # Ten at a time: the answers must be read before the pipes are full.
        for start in range(numbers.start, numbers.stop, 10):
            some = range(start, min(numbers.stop, start + 10))
            for number in some:
                line = {"id": number, "image": f"many/{number}.png", "question": "Is there a circle?"}
                process.stdin.write(json.dumps(line).encode() + b"\n")
            process.stdin.flush()
            for number in some:
                answer = json.loads(process.stdout.readline())
                if answer["id"] != number or "answer" not in answer:
                    fail(f"picture {number} is not answered: {answer}")
        points.append((numbers.stop, resident(process)))
    process.stdin.close()
    if process.wait() != 0:
        fail(f"the run ended with {process.returncode}")
    late = points[len(points) // 10:]
    bytes_a_picture = slope(late)
    print(
        f"memory: {count} pictures, resident memory {points[0][1] >> 10} KB after {points[0][0]}, {late[0][1] >> 10} KB "
        f"after {late[0][0]}, {late[-1][1] >> 10} KB at the end: {bytes_a_picture:.0f} bytes a picture")
    if bytes_a_picture >= MOST:
        fail(f"memory: {bytes_a_picture:.0f} bytes a picture are {MOST} or more")


main()
