"""Shapes of posts."""
from marshmallow import fields

from backend.core.shapes import Code, Shape, Whole, nullable, one_of
from backend.org.rules.posts import POSTS

ACCOUNT = r"[A-Za-z0-9-]{1,36}"


class HolderShape(Shape):
    """Who holds a post."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class PostShape(Shape):
    """A post of a unit or department; vacant without holder."""

    code = fields.String(required=True)
    post = fields.String(required=True, validate=one_of(POSTS))
    holder = nullable(HolderShape(), required=True)
    version = Whole(required=True)


class Appointment(Shape):
    """Who shall hold the post; null: nobody."""

    account_id = Code(ACCOUNT, required=True, allow_none=True)
