"""Numbers of supervision's documents: kind, year in angular brackets, serial without noughts (GB/T 9704). Pure."""
ORDER, NOTICE, CASE, PROMISE = "order", "notice", "case", "promise"
_KINDS = {ORDER: "督办", NOTICE: "督查通报", CASE: "问责", PROMISE: "承诺"}


def told(kind: str, year: int, serial: int) -> str:
    """``督办〔2026〕3号``."""
    return f"{_KINDS[kind]}〔{year}〕{serial}号"
