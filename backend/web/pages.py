"""HTML for people: pages on the screen and documents on paper, from templates, under a strict policy."""
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from flask import Response, current_app
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from backend.core import clock, http
from backend.core.problems import NotFound

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
STATIC = {
    "complaint.js": "text/javascript; charset=utf-8",
    "daiban.css": "text/css; charset=utf-8",
    "docs.js": "text/javascript; charset=utf-8",
    "progress.js": "text/javascript; charset=utf-8",
    "rating.js": "text/javascript; charset=utf-8",
    "survey.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}


def render(template: str, **context: Any) -> Response:
    """The page of a template in backend/web/templates, as a private, uncached answer."""
    html = _environment().get_template(template).render(**context)
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Language"] = "zh-CN"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def public(template: str, **context: Any) -> Response:
    """A page that is the same for everybody: cached by its ETag."""
    response = render(template, **context)
    return tagged(response, "no-cache")


def tagged(response: Response, caching: str) -> Response:
    """The answer with an ETag of its content, 304 where the caller has it already."""
    response.set_etag(sha256(response.get_data()).hexdigest()[:32])
    response.headers["Cache-Control"] = caching
    http.unless_known(response)
    return response


def static(name: str) -> Response:
    """A file of backend/web/static; its address carries its hash, so it is kept for a year."""
    if name not in STATIC:
        raise NotFound()
    response = Response(_content(name), content_type=STATIC[name])
    response.headers["X-Content-Type-Options"] = "nosniff"
    return tagged(response, "public, max-age=31536000, immutable")


def address(name: str) -> str:
    """The address of a static file, changing with its content."""
    return f"/static/{name}?v={sha256(_content(name)).hexdigest()[:12]}"


@lru_cache(maxsize=16)
def _content(name: str) -> bytes:
    return (HERE / "static" / name).read_bytes()


def qr(text: str) -> Markup:
    """A QR code as inline SVG, without a fixed size: the style sheet gives one."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, svgclass="qr", lineclass=None
    )
    return Markup(out.getvalue().decode())


def chinese_day(value: Any) -> str:
    """``2026年2月26日`` of a date, its ISO text, or an instant."""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    day = clock.local(value) if hasattr(value, "hour") else value
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_time(value: Any) -> str:
    """``2026年2月26日 17:30`` of an instant, on the installation's wall clock."""
    return f"{chinese_day(value)} {clock.local(value):%H:%M}"


def yuan(fen: int | None) -> str:
    """``16`` or ``16.50`` of fen, as prices are written."""
    whole, rest = divmod(fen or 0, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def now() -> datetime:
    """The present moment by the application's clock, for a page that no blueprint hands it to."""
    found: datetime = current_app.extensions["daiban"].clock.now()
    return found


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )
    made.filters |= {"day": chinese_day, "moment": chinese_time, "qr": qr, "yuan": yuan}
    made.globals["static"] = address
    return made
