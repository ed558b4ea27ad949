"""``python wsgi.py`` serves Daiban; ``wsgi:app`` is the application for anyone's own server."""
if __name__ == "__main__":
    from backend.serve import main

    raise SystemExit(main())

from backend.serve import application

app = application()
