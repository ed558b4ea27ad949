"""Tables of the phones."""
