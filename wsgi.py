"""``python wsgi.py`` serves Daiban, with a word behind it ``backend.cli``; ``wsgi:app`` is for anyone's own server."""
import sys

if __name__ == "__main__" and sys.argv[1:]:
    from backend.cli import main as command

    raise SystemExit(command())

if __name__ == "__main__":
    from backend.serve import main

    raise SystemExit(main())

from backend.serve import application

app = application()
