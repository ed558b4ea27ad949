"""Supervision: orders and their cycles, findings, the watch-list, notices, accountability, public promises."""
