"""Makes the fixtures in this folder with Pillow (made with 13.0.0); run it here. README.md says what they are."""

import io
import random

from PIL import Image, ImageDraw


def scene(width, height, noise, seed):
    """A gradient with two shapes and some noise, so that every filter has something to do."""
    generator = random.Random(seed)
    image = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            base = (255 * x // max(1, width - 1), 255 * y // max(1, height - 1), 255 * (x + y) // (width + height))
            image.putpixel((x, y), tuple(min(255, max(0, v + generator.randint(-noise, noise))) for v in base))
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 4, height // 4, width // 2, height // 2), fill=(255, 255, 0))
    draw.ellipse((width // 2, height // 2, width - 2, height - 2), fill=(0, 0, 0))
    return image


def jpeg(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def save_jpeg(name, data, mode="RGB"):
    """Writes the file and what Pillow makes of it."""
    open(f"{name}.jpg", "wb").write(data)
    Image.open(io.BytesIO(data)).convert("RGB").save(f"{name}.png")


small = scene(29, 21, 4, 1)
save_jpeg("baseline", jpeg(small, quality=85))
save_jpeg("full-colour", jpeg(small, quality=85, subsampling=0, optimize=True))
save_jpeg("progressive", jpeg(small, quality=85, progressive=True))
save_jpeg("restarts", jpeg(small, quality=85, restart_marker_blocks=1))
save_jpeg("grey", jpeg(small.convert("L"), quality=85))
cmyk = jpeg(small.convert("CMYK"), quality=90)
save_jpeg("cmyk-adobe", cmyk)
adobe = cmyk.index(b"\xff\xee\x00\x0eAdobe")
save_jpeg("cmyk-unmarked", cmyk[:adobe] + cmyk[adobe + 16:])
save_jpeg("ycck", cmyk[:adobe + 15] + b"\x02" + cmyk[adobe + 16:])
large = scene(200, 144, 0, 2)
data = jpeg(large, quality=90)
open("large.jpg", "wb").write(data)
image = Image.open(io.BytesIO(data))
image.draft("RGB", (50, 36))
assert image.size == (50, 36)
image.save("large-quarter.png")

source = scene(53, 37, 40, 3)
source.save("resize-source.png")
for name, filter in (("bilinear", Image.Resampling.BILINEAR), ("bicubic", Image.Resampling.BICUBIC)):
    for size in ((20, 11), (53, 9), (7, 37), (64, 64), (1, 1), (53, 74)):
        source.resize(size, filter).save(f"resize-{name}-{size[0]}x{size[1]}.png")
