"""Stops `vqa batch` by SIGINT and SIGTERM at random times and lets it go on: stops.py VQA FOLDER COUNT [SEED].

Half of the runs answer a question file, half answer lines; half of them get a second signal soon after the first. No answer
that a stopped run says it keeps may be missing or different afterwards, and a second signal must end a run within
200 ms. Exits 1 when one of these is not so.
"""

import json
import os
import re
import signal
import sys
import time

from tiny import Vqa, fail, seeded

DEADLINE = 0.2


class Stops:
    def __init__(self, vqa, numbers):
        self.vqa, self.numbers = vqa, numbers
        self.stopped = self.early = self.ends = self.answers = 0
        self.first, self.second = [], []

    def stop(self, run, longest):
        """Sends one signal or two at random times; the exit code."""
        number = self.numbers.choice([signal.SIGINT, signal.SIGTERM])
        time.sleep(self.numbers.uniform(0, longest))
        sent = time.monotonic()
        run.send_signal(number)
        if self.numbers.random() < 1 / 2:
            time.sleep(self.numbers.uniform(0, 0.003))
            if run.poll() is None:
                sent = time.monotonic()
                run.send_signal(number)
                code = run.wait()
                if code == 130:
                    self.second.append(time.monotonic() - sent)
                    if self.second[-1] > DEADLINE:
                        fail(f"a second signal took {self.second[-1]:.3f} s")
                return code
        code = run.wait()
        if code == 75:
            self.first.append(time.monotonic() - sent)
        return code

    def count(self, code, said):
        """Takes note of an end; whether the run ended by itself."""
        if code == 0:
            self.ends += 1
        elif code in (75, 130):
            self.stopped += 1
        elif code in (-signal.SIGINT, -signal.SIGTERM):
            # Before it watches for signals a run has nothing to keep.
            self.early += 1
        else:
            fail(f"the run ended with {code}\n{said}")
        return code == 0

    def entries(self, name):
        return {entry["question_id"]: entry["answer"] for entry in json.loads(self.vqa.read(name))}

    def files(self, expected, longest, limit):
        """Answers a question file, stopped again and again, to its end."""
        kept = {}
        while True:
            run = self.vqa.start(*FILE, "--output", "r.json", errors="errors")
            code = self.stop(run, longest) if self.stopped < limit else run.wait()
            said = self.vqa.read("errors").decode()
            note = re.search(r"going on after (\d+) answers", said)
            if note and int(note[1]) != len(kept):
                fail(f"went on after {note[1]} answers, {len(kept)} were kept")
            is_done = self.count(code, said)
            parts = [name for name in self.vqa.names() if name.startswith("r.json.part-")]
            # A second signal may come when the results are there already.
            if is_done or code == 130 and "r.json" in self.vqa.names():
                if self.entries("r.json") != expected:
                    fail("the results differ from those of a run that nobody stopped")
                for name in ["r.json", *parts]:
                    os.unlink(self.vqa.path(name))
                self.answers += len(expected)
                return
            now = self.entries(parts[0]) if parts else {}
            if any(now.get(key) != answer for key, answer in kept.items()):
                fail("a kept answer is lost or differs")
            if any(expected[key] != answer for key, answer in now.items()):
                fail("a kept answer differs from that of a run that nobody stopped")
            told = re.search(r"stopped with (\d+) answers kept", said)
            if code == 75 and (not told or int(told[1]) != len(now)):
                fail(f"{len(now)} answers are kept\n{said}")
            kept = now

    def lines(self, expected, longest):
        """Answers lines, stopped once."""
        with open(self.vqa.path("out"), "wb") as out, open(self.vqa.path("lines")) as lines:
            code = self.stop(self.vqa.start(*LINES, errors="errors", stdin=lines, stdout=out), longest)
        said = self.vqa.read("errors").decode()
        out = self.vqa.read("out")
        self.count(code, said)
        if not expected.startswith(out[:out.rfind(b"\n") + 1]):
            fail("lines differ from those of a run that nobody stopped")
        told = re.search(r"the answers to the first (\d+) items are written", said)
        if code == 75 and (not told or int(told[1]) != out.count(b"\n") or not out.endswith(b"\n") and out):
            fail(f"{out.count(10)} lines are there\n{said}")
        self.answers += out.count(b"\n")


FILE = ["batch", "--questions", "set/train/questions.json", "--images", "set/images", "--model", "model/model.safetensors"]
LINES = ["batch", "--model", "model/model.safetensors"]


def milliseconds(times):
    return f"{1000 * max(times):.0f} ms" if times else "not measured"


def main():
    program, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    stops = Stops(Vqa(program, folder), seeded(int(sys.argv[4]) if len(sys.argv) > 4 else 0))
    vqa = stops.vqa
    vqa.make_set(150)
    vqa.make_model()
    pictures = json.loads(vqa.read("set/images.json"))
    questions = json.loads(vqa.read("set/train/questions.json"))["questions"]
    with open(vqa.path("lines"), "w") as lines:
        for question in questions:
            picture = "set/images/" + pictures[str(question["image_id"])]
            lines.write(json.dumps({"id": question["question_id"], "image": picture, "question": question["question"]}) + "\n")
    begun = time.monotonic()
    vqa.run(*FILE, "--output", "whole.json")
    longest = {"files": time.monotonic() - begun}
    expected = stops.entries("whole.json")
    begun = time.monotonic()
    with open(vqa.path("lines")) as lines, open(vqa.path("out"), "wb") as out:
        if vqa.start(*LINES, stdin=lines, stdout=out).wait() != 0:
            fail("lines are not answered")
    longest["lines"] = time.monotonic() - begun
    whole = vqa.read("out")
    while stops.stopped < count:
        stops.files(expected, longest["files"], count)
        for _ in range(3):
            stops.lines(whole, longest["lines"])
    print(
        f"stops: {stops.stopped} stopped runs, {stops.ends} that ended by themselves, {stops.early} before anything was "
        f"there to keep; {stops.answers} answers held against those of unstopped runs, 0 lost; slowest end after one "
        f"signal {milliseconds(stops.first)}, after {len(stops.second)} second signals {milliseconds(stops.second)}")


main()
