"""The reference client of docs/sync.md: a phone that works without a signal. Standard library only.

``store`` is what it keeps, ``phone`` what it does, ``photos`` how files go up, ``line`` the way to the server.
``weather`` makes that way bad and ``death`` ends the phone at any moment: these two are for tests alone.
"""
