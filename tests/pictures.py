"""Pictures for posters."""

import random
import struct
import zlib


def png(width, height, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def sample_png(width, height=None, seed=0):
    """A picture of one random colour, other ones for other seeds."""
    height = height or width
    colour = random.Random(seed).randbytes(3)
    return png(width, height, (b"\0" + colour * width) * height)
