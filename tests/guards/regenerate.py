"""``python -m tests.guards.regenerate`` rewrites the pages of docs/ that are printed from the code."""
from tests import tour
from tests.guards import documents, house

if __name__ == "__main__":
    for name, page in documents.PAGES.items():
        (house.ROOT / name).write_text(page(), encoding="utf-8")
    tour.PAGE.write_text(tour.page(), encoding="utf-8")
