"""A set of small drawings, a recipe for a tiny model, and how the command is run; shared by kills.py, stops.py and memory.py."""

import json
import os
import random
import subprocess
import sys

RECIPE = {
    "data": {"folder": "set"},
    "model": {
        "name": "tiny",
        "vision": {"pictureSize": 8, "channels": [4, 4], "width": 4, "heads": 2, "layers": 0},
        "network": {
            "wordWidth": 4, "questionLength": 4, "hidden": 8, "feedForward": 8, "heads": 2, "encoderLayers": 1,
            "decoderLayers": 1, "flatHidden": 8, "flatOutput": 8, "orders": [0, 1], "dropout": 0.1,
        },
    },
    "training": {
        "epochs": 1, "questionsPerStep": 8, "questionsPerPicture": 1, "shards": 2, "checkpointSteps": 2,
        "evaluationEpochs": 4, "rate": 0.005, "augmentation": {"shift": 1, "brightness": 0.05},
    },
}


class Vqa:
    """The built command in a folder of its own."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.environment = dict(os.environ, OMP_NUM_THREADS="1", VQA_DATA=folder)

    def start(self, *words, **more):
        """Starts the command; its messages go to the file that is given as errors, or nowhere."""
        errors = more.pop("errors", None)
        more.setdefault("stdout", subprocess.DEVNULL)
        more.setdefault("stdin", subprocess.DEVNULL)
        if errors is None:
            more.setdefault("stderr", subprocess.DEVNULL)
            return subprocess.Popen([self.program, *words], cwd=self.folder, env=self.environment, **more)
        with open(self.path(errors), "w") as file:
            return subprocess.Popen([self.program, *words], cwd=self.folder, env=self.environment, stderr=file, **more)

    def run(self, *words, code=0):
        """Runs the command to its end, which must be this one."""
        done = subprocess.run(
            [self.program, *words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True)
        if done.returncode != code:
            fail(f"vqa {' '.join(words)}: {done.returncode} in place of {code}\n{done.stderr}")
        return done

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def names(self, folder="."):
        try:
            return os.listdir(self.path(folder))
        except FileNotFoundError:
            return []

    def make_set(self, pictures, size=64):
        self.run("data", "scenes", "--preset", "sizes", "--pictures", str(pictures), "--size", str(size), "--output", "set")
        with open(self.path("recipe.json"), "w") as file:
            json.dump(RECIPE, file)

    def make_model(self):
        """Trains the tiny model; its path."""
        self.run("train", "recipe.json", "--output", "model", "--threads", "1")
        return "model/model.safetensors"


def fail(text):
    print(text, file=sys.stderr)
    sys.exit(1)


def seeded(seed):
    """Random numbers, repeated by the seed that is said here."""
    if seed == 0:
        seed = random.randrange(1, 1_000_000)
    print(f"seed {seed}", file=sys.stderr)
    return random.Random(seed)
