"""Appointments (预约): booking rules, slots, booked seats, waiting list. Booked by phone, kept by a roster."""
