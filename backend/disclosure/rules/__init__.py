"""What may be told to everybody, and what a person may ask of her own data: pure."""
