"""Decoding a photo and writing it anew, so that no place, device or hidden part leaves with it."""
import threading
from io import BytesIO
from typing import Any

from backend.files import rules

QUALITY = 88
_one_at_a_time = threading.Lock()


def encoded(data: bytes, media_type: str) -> bytes:
    """The picture upright, without metadata, in its own format; UnsafeFile where it does not decode.

    One picture is decoded at a time: 40 megapixels take 160 MB while they are looked at.
    """
    from PIL import Image

    with _one_at_a_time:
        try:
            with Image.open(BytesIO(data), formats=[rules.PICTURES[media_type]]) as image:
                rules.check_measures(*image.size)
                return _written(_upright(image), media_type)
        except rules.UnsafeFile:
            raise
        except Exception as error:
            raise rules.UnsafeFile("照片无法解码", "The picture does not decode") from error


def _upright(image: Any) -> Any:
    from PIL import ImageOps

    image.load()
    turned = ImageOps.exif_transpose(image)
    plain = turned.mode if turned.mode in ("L", "RGB", "RGBA") else _mode(turned)
    return turned if turned.mode == plain else turned.convert(plain)


def _mode(image: Any) -> str:
    return "RGBA" if "transparency" in image.info or image.mode in ("LA", "PA", "RGBa") else "RGB"


def _written(image: Any, media_type: str) -> bytes:
    out, options = BytesIO(), {}
    if media_type == rules.JPEG:
        image, options = image.convert("RGB"), {"quality": QUALITY, "optimize": True}
    elif media_type == rules.WEBP:
        options = {"quality": QUALITY, "method": 2}
    image.info = {}
    image.save(out, rules.PICTURES[media_type], **options)
    return out.getvalue()
