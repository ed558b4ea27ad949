"""Mystery visits (暗访): planned, recorded with photos, hidden from the inspected unit until they are published."""
