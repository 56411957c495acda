#!/usr/bin/env python3
"""PyTorch peer for the stages of a Dynamic ViT on CPU: eager, fp32, inference mode. Prints one line of JSON.

A plain re-creation of the arithmetic of DVT_Deit_small (three DeiT-small over 7x7, 10x10 and 14x14 tokens, reuse of features and of
relations), with the resizes as nearest neighbour to twice the size, then adaptive average pooling, over slices of the channels.

Usage: peer_dynamic_vit.py write FOLDER              seeded random weights, 16 pictures and their logits, to be held against ours
       peer_dynamic_vit.py time FOLDER [--batch N] [--threads N] [--seconds S] [--stages 1,2,3]
"""
import argparse, json, os, resource, struct, time

ap = argparse.ArgumentParser()
ap.add_argument('what', choices=['write', 'time'])
ap.add_argument('folder')
ap.add_argument('--batch', type=int, default=1)
ap.add_argument('--threads', type=int, default=2)
ap.add_argument('--seconds', type=float, default=4.0)
ap.add_argument('--stages', default='1,2,3')
a = ap.parse_args()

import torch, torch.nn as nn, torch.nn.functional as F
torch.set_num_threads(a.threads)

D, LAYERS, HEADS, RATIO, CLASSES, CONTEXT, INNER = 384, 12, 6, 4, 1000, 48, 128
GRIDS, PATCHES = (7, 10, 14), ((32, 32, 0), (23, 23, 3), (16, 16, 0))
NAMES = ('less_less_token', 'less_token', 'normal_token')


def finer(maps, side):
    """[N, s, s] to [N, side, side]."""
    doubled = F.interpolate(maps.unsqueeze(1), scale_factor=2, mode='nearest')
    return F.adaptive_avg_pool2d(doubled, (side, side)).squeeze(1)


class Mlp(nn.Module):
    def __init__(s, width, inner, out):
        super().__init__(); s.fc1, s.fc2 = nn.Linear(width, inner), nn.Linear(inner, out)
    def forward(s, x): return s.fc2(F.gelu(s.fc1(x)))


class Attention(nn.Module):
    def __init__(s):
        super().__init__(); s.qkv, s.proj = nn.Linear(D, 3 * D), nn.Linear(D, D)
    def forward(s, x, relation):
        B, N, _ = x.shape
        q, k, v = s.qkv(x).reshape(B, N, 3, HEADS, D // HEADS).permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-2, -1)) * (D // HEADS) ** -0.5
        if relation is not None: scores = scores + relation
        out = (scores.softmax(-1) @ v).transpose(1, 2).reshape(B, N, D)
        return s.proj(out), scores


class Block(nn.Module):
    def __init__(s, reuses):
        super().__init__()
        wide = D + CONTEXT if reuses else D
        s.norm1, s.attn, s.norm2, s.mlp = nn.LayerNorm(D, 1e-6), Attention(), nn.LayerNorm(wide, 1e-6), Mlp(wide, RATIO * D, D)
        if reuses: s.feature_resuse_mlp = nn.Sequential(nn.LayerNorm(D, 1e-6), Mlp(D, INNER, CONTEXT))
    def forward(s, x, features, relation, side):
        attended, scores = s.attn(s.norm1(x), relation)
        x = x + attended
        seen = x
        if features is not None:
            old = s.feature_resuse_mlp(features)[:, 1:].transpose(1, 2)
            B, C, n = old.shape
            n = int(n ** 0.5)
            new = finer(old.reshape(B * C, n, n), side).reshape(B, C, side * side).transpose(1, 2)
            seen = torch.cat((x, torch.cat((torch.zeros(B, 1, C), new), 1)), 2)
        return x + s.mlp(s.norm2(seen)), scores


class Stage(nn.Module):
    def __init__(s, number):
        super().__init__()
        size, stride, padding = PATCHES[number]
        s.side, reuses = GRIDS[number], number > 0
        s.cls_token, s.pos_embed = nn.Parameter(torch.zeros(1, 1, D)), nn.Parameter(torch.zeros(1, s.side ** 2 + 1, D))
        s.patch_embed = nn.Module(); s.patch_embed.proj = nn.Conv2d(3, D, size, stride, padding)
        s.blocks = nn.ModuleList(Block(reuses) for _ in range(LAYERS))
        if reuses:
            R = LAYERS * HEADS
            s.relation_reuse_conv = nn.Sequential(nn.Conv2d(R, 3 * R, 1), nn.GELU(), nn.Conv2d(3 * R, R, 1))
        s.norm, s.head = nn.LayerNorm(D, 1e-6), nn.Linear(D, CLASSES)

    def mix(s, relations):
        """The relations of all layers of the stage before as those added to this one's."""
        mixed = s.relation_reuse_conv(torch.cat(relations, 1))
        B, R, n, _ = mixed.shape
        old, N = int((n - 1) ** 0.5), s.side ** 2 + 1
        rows = mixed.reshape(B * R, n, n)
        parts = []
        for part in rows.split(-(-len(rows) // 4)):          # keys; slices save memory
            grid = finer(part[:, :, 1:].reshape(-1, old, old), s.side).reshape(len(part), n, N - 1)
            parts.append(torch.cat((part[:, :, :1], grid), 2).transpose(1, 2))
        columns, parts = torch.cat(parts), []
        for part in columns.split(-(-len(rows) // 8)):       # queries
            grid = finer(part[:, :, 1:].reshape(-1, old, old), s.side).reshape(len(part), N, N - 1)
            parts.append(torch.cat((part[:, :, :1], grid), 2).transpose(1, 2))
        return torch.cat(parts).reshape(B, R, N, N).split(HEADS, 1)

    def forward(s, pictures, features=None, relations=None):
        x = s.patch_embed.proj(pictures).flatten(2).transpose(1, 2)
        x = torch.cat((s.cls_token.expand(len(x), -1, -1), x), 1) + s.pos_embed
        reused = s.mix(relations) if relations is not None else [None] * LAYERS
        scores = []
        for block, relation in zip(s.blocks, reused):
            x, found = block(x, features, relation, s.side)
            scores.append(found)
        return x, scores, s.head(s.norm(x)[:, 0])


def build():
    torch.manual_seed(0)
    stages = nn.ModuleDict({name: Stage(number) for number, name in enumerate(NAMES)})
    for name, parameter in stages.named_parameters():
        if name.endswith(('cls_token', 'pos_embed')): nn.init.normal_(parameter, std=0.5)
    return stages.eval()


def peak_mb():
    # VmHWM, not ru_maxrss: ru_maxrss survives exec, so a child would report its parent's peak
    return next(int(l.split()[1]) for l in open('/proc/self/status') if l.startswith('VmHWM')) / 1024


def write_npy(path, tensor):
    head = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }" % (tuple(tensor.shape),)
    head += ' ' * (-(len(head) + 11) % 64) + '\n'
    with open(path, 'wb') as file:
        file.write(b'\x93NUMPY\x01\x00' + struct.pack('<H', len(head)) + head.encode() + tensor.contiguous().numpy().tobytes())


def write(folder):
    stages = build()
    pictures = torch.randn(16, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    torch.save({'model_state_dict': stages.state_dict()}, os.path.join(folder, 'cascade.pth.tar'))
    write_npy(os.path.join(folder, 'pictures.npy'), pictures.permute(0, 2, 3, 1))
    features = relations = None
    for number, stage in enumerate(stages.values()):
        features, relations, logits = stage(pictures, features, relations)
        write_npy(os.path.join(folder, f'logits{number + 1}.npy'), logits)
    print(json.dumps({'torch': torch.__version__, 'parameters': sum(p.numel() for p in stages.parameters())}))


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(body):
    """Median of the wall clock and least processor time of a call, in milliseconds."""
    for _ in range(2): body()
    walls, processor, start = [], [], time.perf_counter()
    while len(walls) < 5 or time.perf_counter() - start < a.seconds:
        c, t = cpu(), time.perf_counter()
        body()
        walls.append(time.perf_counter() - t); processor.append(cpu() - c)
    walls.sort()
    return {'wallMedian': walls[len(walls) // 2] * 1e3, 'wallLeast': walls[0] * 1e3, 'processorLeast': min(processor) * 1e3, 'samples': len(walls)}


def timed():
    stages = list(build().values())
    pictures = torch.randn(a.batch, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    chosen = [int(number) for number in a.stages.split(',')]
    found, features, relations = {}, None, None
    for number, stage in enumerate(stages):
        if number + 1 in chosen:
            found[str(number + 1)] = measure(lambda: stage(pictures, features, relations))
        features, relations, _ = stage(pictures, features, relations)
    print(json.dumps({'stages': found, 'peakMegabytes': peak_mb()}))


with torch.inference_mode():
    write(a.folder) if a.what == 'write' else timed()
