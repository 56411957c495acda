"""Makes the fixtures in this folder with NumPy (made with 2.4.6) and PyTorch (made with 2.15); run it here. README.md says what they are."""

import collections
import zipfile

import numpy as np
import torch


def numbers(shape, dtype):
    """Number i of a shape is i / 2 - 3, cut to whole numbers, from 0 on where there is no sign."""
    values = np.arange(int(np.prod(shape))) / 2 - 3
    if np.dtype(dtype).kind in "iub":
        values = np.floor(values)
    if np.dtype(dtype).kind in "ub":
        values = np.abs(values)
    return values.astype(dtype).reshape(shape)


for name in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]:
    np.save(f"little-{name}.npy", numbers((2, 3, 2), "<" + name))
for name in ["f2", "f4", "f8", "i2", "i4", "i8", "u2", "u4", "u8"]:
    np.save(f"big-{name}.npy", numbers((2, 3, 2), ">" + name))
np.save("fortran.npy", np.asfortranarray(numbers((2, 3, 2), "<f4")))
np.save("fortran-big.npy", np.asfortranarray(numbers((3, 4), ">f8")))
np.save("single.npy", numbers((), "<f4"))
np.save("empty.npy", numbers((0, 5), "<f4"))
np.save("complex.npy", numbers((2,), "<f4").astype("<c8"))
np.save("texts.npy", np.array(["a", "b"]))
np.save("record.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
np.save("objects.npy", np.array([{}, None], dtype=object), allow_pickle=True)
for major in (2, 3):
    with open(f"version-{major}.npy", "wb") as file:
        np.lib.format.write_array(file, numbers((2, 3), "<f4"), version=(major, 0))

np.savez("stored.npz", x=numbers((2, 3), "<f4"), ids=numbers((4,), "<i8"))
np.savez_compressed("deflated.npz", x=numbers((64, 32), "<f4"), ids=numbers((4,), "<i8"))
with zipfile.ZipFile("zip64.npz", "w") as archive:
    with archive.open("x.npy", "w", force_zip64=True) as file:
        np.lib.format.write_array(file, numbers((2, 3), "<f4"))

# Every type, views of one storage, a parameter, a size, a type, nested values, both kinds of steps.
base = torch.from_numpy(numbers((4, 6), "<f4"))
types = ["float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]
values = collections.OrderedDict(
    types={name: torch.from_numpy(numbers((6,), "<f4")).abs().to(getattr(torch, name)) for name in types},
    whole=base,
    part=base[1:3, 2:5],
    turned=base.t(),
    every=base[:, ::2],
    single=torch.tensor(7.0),
    steps=[torch.tensor(12.0), 12],
    none=torch.zeros(0, 3),
    parameter=torch.nn.Parameter(base[0].clone()),
    size=base.shape,
    dtype=torch.float16,
    plain=[None, True, False, -1, 255, 65535, 2**31, -(2**31), -(2**62), 0.1, "é ü", (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
    numbered={0: "zero", 70000: "many"},
)
for protocol in (2, 4, 5):
    torch.save(values, f"values-{protocol}.pt", pickle_protocol=protocol)
torch.save({"module": torch.nn.Linear(2, 1)}, "module.pt")
torch.save({"old": base}, "legacy.pt", _use_new_zipfile_serialization=False)
