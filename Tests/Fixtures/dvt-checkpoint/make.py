"""Makes the checkpoints in this folder of the weights in ../dvt with PyTorch (made with 2.15); run it here. README.md says what they are."""

import argparse
import collections
import json
import math
import struct

import torch


def read(path):
    """The tensors of a safetensors file."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    kinds = {"F32": torch.float32, "U8": torch.uint8, "I32": torch.int32, "I64": torch.int64}
    tensors = collections.OrderedDict()
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        numbers = torch.frombuffer(bytearray(data[start:end]), dtype=kinds[entry["dtype"]])
        tensors[name] = numbers.reshape(entry["shape"]).clone()
    return tensors


def write(path, tensors):
    """A safetensors file of tensors of floats."""
    header, parts, start = {}, [], 0
    for name, tensor in tensors.items():
        part = tensor.float().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [start, start + len(part)]}
        parts.append(part)
        start += len(part)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


expected = {}


def expect(name, folder, shift=0.0):
    """Notes the pictures of a set and the logits that the original model gave for them."""
    values = read(f"../dvt/{folder}/io.safetensors")
    expected[f"{name}.image_u8_28"] = values["image_u8_28"]
    for stage in (1, 2, 3):
        expected[f"{name}.stage{stage}.logits"] = values[f"stage{stage}.logits"] + shift


# As the published ones are: five keys, thresholds of 59 operating points.
with open("../dvt/threshold_solver/config.json") as file:
    solved = json.load(file)
points = solved["table"]
published = {
    "model_state_dict": read("../dvt/deit_grad/weights.safetensors"),
    "flops": solved["gflops_per_exit"],
    "anytime_classification": [torch.tensor(number) for number in solved["anytime_accuracy"]],
    "dynamic_threshold": torch.tensor([point["T"] for point in points]),
    "budgeted_batch_classification": [
        [point["expected_gflops"] for point in points],
        [point["accuracy_percent"] for point in points],
    ],
}
torch.save(published, "published.pth.tar")
expect("published", "deit_grad")

# As training leaves them behind: options, optimiser, weights of the last step and their average, here those whose logits are one less.
average = read("../dvt/t2t_grad/weights.safetensors")
plain = collections.OrderedDict(average)
for name in plain:
    if name.endswith(".head.bias"):
        plain[name] = plain[name] + 1
wrapped = collections.OrderedDict(("module." + name, tensor) for name, tensor in plain.items())
training = {
    "epoch": 299,
    "arch": "DVT_T2t_vit_12",
    "state_dict": wrapped,
    "optimizer": {"state": {0: {"step": 5, "exp_avg": torch.zeros(3)}}, "param_groups": [{"lr": 1e-5, "betas": (0.9, 0.999), "params": [0]}]},
    "args": argparse.Namespace(lr=2e-3, mixup=0.8, sync_bn=False, aa="rand-m9-mstd0.5-inc1", resume=""),
    "version": 2,
    "amp": collections.OrderedDict(loss_scaler0={"loss_scale": 65536.0, "unskipped": 1}),
    "state_dict_ema": average,
    "metric": 12.5,
}
torch.save(training, "training.pth.tar")
expect("training.ema", "t2t_grad")
expect("training.plain", "t2t_grad", shift=1.0)
assert all(math.isfinite(float(tensor.float().sum())) for tensor in expected.values())
write("expected.safetensors", expected)
