"""Supervision: orders, cycles, findings, notices, cases, promises."""
