"""What the assessment does: evidence in, half-years settled, appeals decided."""
