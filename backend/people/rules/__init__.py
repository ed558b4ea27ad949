"""What is allowed of people: numbers, passwords, roles, budgets; pure."""
from backend.people.rules.numbers import check_id_number, normal_phone
from backend.people.rules.passwords import hash_password

__all__ = ["check_id_number", "hash_password", "normal_phone"]
