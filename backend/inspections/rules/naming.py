"""What a published visit is called. Pure."""


def number_told(year: int | None, number: int | None) -> str | None:
    """``暗访〔2026〕3号``; None before publication."""
    return None if number is None else f"暗访〔{year}〕{number}号"
