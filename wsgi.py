"""``python wsgi.py`` serves Daiban, ``python wsgi.py COMMAND`` is ``backend.cli``; ``wsgi:app`` is for one's own server."""
import sys

if __name__ == "__main__" and sys.argv[1:]:
    from backend.cli import main as command

    raise SystemExit(command())

if __name__ == "__main__":
    from backend.serve import main

    raise SystemExit(main())

from backend.serve import application

app = application()
