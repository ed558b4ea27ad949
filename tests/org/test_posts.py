"""The way up past vacant posts (rules 4), and who fits one."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.problems import Forbidden
from backend.org.rules import posts

VILLAGE, TOWNSHIP, DISTRICT = "331003001001", "331003001000", "331003000000"
CITY, FAR_TOWNSHIP, FAR_DISTRICT = "331000000000", "331003002000", "331004000000"

WAYS = {
    (VILLAGE, "duty"): f"{VILLAGE} duty, {VILLAGE} head, {TOWNSHIP} duty, {TOWNSHIP} head, "
                       f"{DISTRICT} duty, {DISTRICT} head",
    (VILLAGE, "head"): f"{VILLAGE} head, {TOWNSHIP} duty, {TOWNSHIP} head, {DISTRICT} duty, {DISTRICT} head",
    (TOWNSHIP, "duty"): f"{TOWNSHIP} duty, {TOWNSHIP} head, {DISTRICT} duty, {DISTRICT} head",
    (TOWNSHIP, "head"): f"{TOWNSHIP} head, {DISTRICT} duty, {DISTRICT} head",
    (DISTRICT, "duty"): f"{DISTRICT} duty, {DISTRICT} head",
    (DISTRICT, "head"): f"{DISTRICT} head, {DISTRICT} duty",
    ("MZ", "duty"): f"MZ duty, MZ head, {DISTRICT} duty, {DISTRICT} head",
    ("MZ", "head"): f"MZ head, {DISTRICT} duty, {DISTRICT} head",
    (CITY, "duty"): f"{CITY} duty, {CITY} head",
}


@pytest.mark.parametrize(("asked", "way"), WAYS.items())
def test_the_way_up_is_the_one_written_down(asked, way):
    assert ", ".join(f"{code} {post}" for code, post in posts.climb(*asked, DISTRICT)) == way


def test_a_departments_posts_need_their_district():
    with pytest.raises(ValueError, match="MZ"):
        posts.climb("MZ", "duty")


@given(st.sampled_from(list(WAYS)), st.sets(st.integers(0, 5)))
def test_a_matter_reaches_the_nearest_holder_whichever_posts_are_vacant(asked, held):
    """The oracle: walk the way as written, take the first that is held, else the duty post at the top."""
    way = [tuple(step.split()) for step in WAYS[asked].split(", ")]
    holders = {step: f"holder {place}" for place, step in enumerate(way) if place in held}
    step, found = posts.first_held(posts.climb(*asked, DISTRICT), lambda step: holders.get(tuple(step)))
    expected = next((step for step in way if step in holders), None)
    last = CITY if asked[0] == CITY else DISTRICT
    assert (tuple(step), found) == (expected or (last, "duty"), holders.get(expected))


@pytest.mark.parametrize(("code", "unit", "department", "fits"), [
    (VILLAGE, VILLAGE, None, True),
    (VILLAGE, TOWNSHIP, None, True),
    (VILLAGE, DISTRICT, None, True),
    (VILLAGE, "331003001002", None, False),
    (VILLAGE, FAR_TOWNSHIP, None, False),
    (VILLAGE, DISTRICT, "MZ", False),
    (VILLAGE, None, None, False),
    (TOWNSHIP, VILLAGE, None, False),
    (DISTRICT, DISTRICT, "MZ", True),
    (DISTRICT, FAR_DISTRICT, None, False),
    ("MZ", DISTRICT, "MZ", True),
    ("MZ", DISTRICT, "GY", False),
    ("MZ", DISTRICT, None, False),
    ("MZ", FAR_DISTRICT, "MZ", False),
])
def test_a_holder_is_of_the_unit_or_above_or_of_the_department(code, unit, department, fits):
    assert posts.may_hold(code, DISTRICT, unit, department) is fits


@pytest.mark.parametrize(("role", "unit", "code", "may"), [
    ("admin", DISTRICT, VILLAGE, True), ("admin", DISTRICT, "MZ", True), ("admin", DISTRICT, DISTRICT, True),
    ("township", TOWNSHIP, VILLAGE, True), ("township", TOWNSHIP, TOWNSHIP, True),
    ("township", TOWNSHIP, FAR_TOWNSHIP, False), ("township", TOWNSHIP, DISTRICT, False),
    ("township", TOWNSHIP, "MZ", False),
])
def test_admins_fill_all_posts_townships_those_of_their_subtree(role, unit, code, may):
    if may:
        posts.check_reach(role, unit, code)
        return
    with pytest.raises(Forbidden):
        posts.check_reach(role, unit, code)
