"""Small pictures and papers for the tests."""
import zipfile
from io import BytesIO

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def photo(form: str, size: tuple[int, int] = (40, 20)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 60)).save(out, form)
    return out.getvalue()


def exif_photo() -> bytes:
    """A photo lying on its side, with the place where it was taken."""
    out, image = BytesIO(), Image.new("RGB", (40, 20), (1, 2, 3))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (28.0, 38.0, 1.0)
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def zip_of(data: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("x.html", data)
    return out.getvalue()
