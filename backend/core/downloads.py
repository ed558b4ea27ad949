"""Files that were made for one caller, handed out once."""
from pathlib import Path
from typing import IO

from flask import Response, current_app
from werkzeug.wsgi import FileWrapper

CHUNK = 1 << 16


def folder() -> Path:
    """Where files are made: on the disk of the data, for its owner only."""
    found: Path = current_app.extensions["daiban"].settings.data_dir
    return found


def sent(file: IO[bytes], name: str, media: str) -> Response:
    """The file as a download, closed (and so gone, if it has no name) when it has been sent."""
    size = file.seek(0, 2)
    file.seek(0)
    response = Response(FileWrapper(file, CHUNK), content_type=media, direct_passthrough=True)  # type: ignore[arg-type]
    response.content_length = size
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.call_on_close(file.close)
    return response
