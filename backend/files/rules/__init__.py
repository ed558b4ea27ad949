"""What may be kept: photos that decode and papers in PDF, known by their bytes, not their names."""
from backend.core.problems import Problem, Text

MAX_PIXELS = 40_000_000
LONGEST_SIDE = 20_000
JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
PICTURES = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}

EDGE = 1024
ZIP_TAIL = 66_000
ZIP_END = b"PK\x05\x06"
ACTIVE = (b"<script", b"<html", b"<!doctype", b"<svg", b"<?php")


class UnsupportedFile(Problem):
    """Neither a photo nor a PDF by its bytes."""

    status, slug, title = 415, "unsupported-file", Text(
        "只接受 JPEG、PNG、WebP 照片和 PDF 文件", "Only JPEG, PNG and WebP pictures and PDF are kept"
    )


class UnsafeFile(Problem):
    """Says to be a photo or PDF and is more, or less, than that."""

    status, slug, title = 422, "unsafe-file", Text("文件损坏或不安全", "The file is damaged or unsafe")


def media_type_of(data: bytes) -> str:
    """The media type by the first bytes; UnsupportedFile for anything but photos and PDF."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith(b"%PDF-1.") or data.startswith(b"%PDF-2."):
        return PDF
    raise UnsupportedFile()


def check_single(data: bytes, media_type: str) -> None:
    """UnsafeFile where the bytes are also an archive, a page or another document."""
    head, tail = data[:EDGE].lower(), data[-EDGE:].lower()
    archive = ZIP_END in data[-ZIP_TAIL:]
    second = media_type != PDF and b"%pdf-" in head
    page = any(mark in head or mark in tail for mark in ACTIVE)
    if archive or second or page:
        raise UnsafeFile("文件中夹带了其他格式的内容", "The file holds another format inside")
    if media_type == PDF and not _ends_as_pdf(data):
        raise UnsafeFile("PDF 文件不完整", "The PDF is not whole")


def _ends_as_pdf(data: bytes) -> bool:
    at = data.rfind(b"%%EOF", -EDGE if len(data) > EDGE else 0)
    return at > 0 and not data[at + 5 :].strip(b"\r\n\t \x00")


def check_measures(width: int, height: int) -> None:
    """UnsafeFile for a picture larger than 40 megapixels, or with an absurd side."""
    if width * height > MAX_PIXELS or max(width, height) > LONGEST_SIDE:
        raise UnsafeFile("照片不得超过 4000 万像素", "A picture may have at most 40 megapixels")
