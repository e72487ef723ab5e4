"""Makes pictures of pages small: PNGs in a palette of few colours, with nothing but the standard library."""

import struct
import zlib
from collections import Counter

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def shrink(png, colours=32):
    """The same picture (8 bits a channel, without interlacing, as browsers make them) in at most so many colours."""
    width, height, pixels = read(png)
    counted = Counter(pixels)
    palette, index = choose(counted, colours)
    rows = b"".join(b"\0" + bytes(map(index.__getitem__, pixels[row * width:(row + 1) * width])) for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"PLTE", b"".join(map(bytes, palette))), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return SIGNATURE + b"".join(chunk(*parts) for parts in chunks)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def read(png):
    """Width, height and the pixels, as a list of (red, green, blue)."""
    assert png[:8] == SIGNATURE
    place, data = 8, b""
    while place < len(png):
        [length], kind = struct.unpack(">I", png[place:place + 4]), png[place + 4:place + 8]
        body = png[place + 8:place + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", body)
            assert depth == 8 and colour in (2, 6) and not interlace
        elif kind == b"IDAT":
            data += body
        place += 12 + length
    channels = 3 if colour == 2 else 4
    rows = unfiltered(zlib.decompress(data), width * channels, height, channels)
    pixels = []
    for row in rows:
        pixels.extend(zip(row[0::channels], row[1::channels], row[2::channels]))
    return width, height, pixels


def unfiltered(data, length, height, channels):
    """The rows without the filters that were put on them (PNG section 9)."""
    before, place = bytearray(length), 0
    for _ in range(height):
        kind, row = data[place], bytearray(data[place + 1:place + 1 + length])
        place += length + 1
        if kind == 1:
            for at in range(channels, length):
                row[at] = (row[at] + row[at - channels]) & 255
        elif kind == 2:
            row = bytearray((this + above) & 255 for this, above in zip(row, before))
        elif kind == 3:
            for at in range(length):
                left = row[at - channels] if at >= channels else 0
                row[at] = (row[at] + (left + before[at]) // 2) & 255
        elif kind == 4:
            for at in range(length):
                left, corner = (row[at - channels], before[at - channels]) if at >= channels else (0, 0)
                row[at] = (row[at] + nearest(left, before[at], corner)) & 255
        yield row
        before = row


def nearest(left, above, corner):
    """Paeth's predictor."""
    guess = left + above - corner
    far_left, far_above, far_corner = abs(guess - left), abs(guess - above), abs(guess - corner)
    if far_left <= far_above and far_left <= far_corner:
        return left
    return above if far_above <= far_corner else corner


def choose(counted, colours, kept=12):
    """A palette, and the place of each colour in it: the most frequent ones as they are, for surfaces keep theirs; the others by
    cutting the box of colours that varies most, again and again."""
    boxes = [[colour] for colour, _ in counted.most_common(kept)]
    if others := [colour for colour, _ in counted.most_common()[kept:]]:
        boxes.append(others)
    while len(boxes) < colours:
        box = max(boxes, key=lambda box: spread(box)[0] * len(box))
        size, channel = spread(box)
        if not size:
            break
        boxes.remove(box)
        box.sort(key=lambda colour: colour[channel])
        boxes += [box[:len(box) // 2], box[len(box) // 2:]]
    palette = [max(box, key=counted.__getitem__) for box in boxes]
    return palette, {colour: number for number, box in enumerate(boxes) for colour in box}


def spread(box):
    """How far a box of colours reaches at most, and in which channel."""
    return max((max(values) - min(values), channel) for channel, values in enumerate(zip(*box)))
