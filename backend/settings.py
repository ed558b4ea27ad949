"""Settings from the environment (DAIBAN_*), read once, checked at start."""
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "::1", "localhost")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
SAMPLES = ("huangyan", "none")


class BadSetting(Exception):
    """A setting that stops the start; its text is the one clear line."""


@dataclass(frozen=True)
class Settings:
    """What an installation may decide; see docs/settings.md."""

    data_dir: Path
    database_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    threads: int = 8
    key_file: Path = Path("keys.json")
    sample: str = "huangyan"
    sample_password: str | None = None
    allow_samples: bool = False
    public_url: str = "http://127.0.0.1:8000"
    log_level: str = "INFO"
    proxies: int = 0
    anchor_file: Path = Path("anchors.log")

    @property
    def embedded(self) -> bool:
        """Whether the database is SQLite."""
        return self.database_url.startswith("sqlite:///")


def from_environment(env: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; BadSetting names the first that cannot be."""
    env = os.environ if env is None else env
    data_dir = Path(env.get("DAIBAN_DATA_DIR") or "instance").absolute()
    port = _number(env, "DAIBAN_PORT", 8000, 1, 65535)
    host = env.get("DAIBAN_HOST") or "127.0.0.1"
    url = env.get("DAIBAN_DATABASE_URL") or f"sqlite:///{data_dir / 'daiban.db'}"
    if not url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise BadSetting("DAIBAN_DATABASE_URL must start with sqlite:/// or postgresql://")
    workers = _number(env, "DAIBAN_WORKERS", 1, 1, 64)
    if url.startswith("sqlite") and workers != 1:
        raise BadSetting("DAIBAN_WORKERS must be 1 with SQLite; set DAIBAN_DATABASE_URL for more")
    return Settings(
        data_dir=data_dir, database_url=url, host=host, port=port, workers=workers,
        threads=_number(env, "DAIBAN_THREADS", 8, 1, 256),
        key_file=Path(env.get("DAIBAN_KEY_FILE") or data_dir / "keys.json").absolute(),
        sample=_choice(env, "DAIBAN_SAMPLE", "huangyan", SAMPLES),
        sample_password=_password(env),
        allow_samples=_choice(env, "DAIBAN_ALLOW_SAMPLES", "no", ("no", "yes")) == "yes",
        public_url=_url(env, "DAIBAN_PUBLIC_URL", f"http://{_in_url(host)}:{port}"),
        log_level=_choice(env, "DAIBAN_LOG_LEVEL", "INFO", LEVELS),
        proxies=_number(env, "DAIBAN_PROXIES", 0, 0, 5),
        anchor_file=Path(env.get("DAIBAN_ANCHOR_FILE") or data_dir / "anchors.log").absolute(),
    )


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _number(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BadSetting(f"{name} must be a whole number from {least} to {most}, not {text!r}")
    return int(text)


def _choice(env: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> str:
    text = env.get(name) or default
    if text not in choices:
        raise BadSetting(f"{name} must be one of {', '.join(choices)}, not {text!r}")
    return text


def _password(env: Mapping[str, str]) -> str | None:
    text = env.get("DAIBAN_SAMPLE_PASSWORD") or None
    if text is not None and not 8 <= len(text) <= 128:
        raise BadSetting("DAIBAN_SAMPLE_PASSWORD must have 8 to 128 characters")
    return text


def _url(env: Mapping[str, str], name: str, default: str) -> str:
    text = (env.get(name) or default).rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise BadSetting(f"{name} must be an http(s) address, not {text!r}")
    return text
