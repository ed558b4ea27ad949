"""Notices to residents and staff: an outbox, its sender, delivery receipts, and calls where no message goes."""
