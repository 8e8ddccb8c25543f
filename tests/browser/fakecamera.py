"""A camera for the browser: a short film of a QR code, as Chromium's fake video capture plays it in a loop."""

from collections.abc import Sequence
from pathlib import Path

import segno
from PIL import Image

WIDTH, HEIGHT, FRAMES, FRAMES_PER_SECOND = 640, 480, 4, 5
TABLE = (196, 188, 176)


def arguments(film: Path) -> list[str]:
    """What Chromium needs to see the film instead of a camera, without asking."""
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]


def film(*codes: str, path: Path, degrees: float = 7) -> Path:
    """QR codes lying a little askew beside each other on a counter, as an uncompressed film (YUV4MPEG2, 4:2:0)."""
    frame = _yuv420(_picture(codes, degrees))
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(FRAMES):
            file.write(b"FRAME\n" + frame)
    return path


def _picture(codes: Sequence[str], degrees: float) -> Image.Image:
    counter = Image.new("RGB", (WIDTH, HEIGHT), TABLE)
    size = 300 if len(codes) == 1 else WIDTH // len(codes) - 60
    for nth, code in enumerate(codes):
        paper = _paper(code, size, degrees)
        middle = WIDTH * (2 * nth + 1) // (2 * len(codes))
        counter.paste(paper, (middle - paper.width // 2, (HEIGHT - paper.height) // 2))
    return counter


def _paper(code: str, size: int, degrees: float) -> Image.Image:
    qr = segno.make(code, error="q", micro=False)
    matrix = [[255 * (1 - dark) for dark in row] for row in qr.matrix_iter(border=4)]
    paper = Image.new("L", (len(matrix), len(matrix)))
    paper.putdata([value for row in matrix for value in row])
    paper = paper.resize((size, size), Image.Resampling.NEAREST).convert("RGB")
    return paper.rotate(degrees, expand=True, fillcolor=TABLE, resample=Image.Resampling.BICUBIC)


def _yuv420(picture: Image.Image) -> bytes:
    """Full-range planes: brightness of every pixel, colour of every fourth."""
    y, cb, cr = picture.convert("YCbCr").split()
    half = (WIDTH // 2, HEIGHT // 2)
    return y.tobytes() + cb.resize(half).tobytes() + cr.resize(half).tobytes()
