"""Settings from the environment (DAIBAN_*), read once, checked at start."""
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "::1", "localhost")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
SAMPLES = ("huangyan", "none")
SMS = ("console", "webhook", "aliyun", "tencent")
STAFF = ("console", "webhook")
SHORTEST_SECRET = 16


class BadSetting(Exception):
    """A setting that stops the start; its text is the one clear line."""


@dataclass(frozen=True)
class Notices:
    """How notices leave the house; secrets are not shown when it is printed."""

    sms: str = "console"
    staff: str = "console"
    sms_url: str | None = None
    staff_url: str | None = None
    hosts: frozenset[str] = frozenset()
    private: bool = False
    webhook_secret: str = field(default="", repr=False)
    receipt_secret: str = field(default="", repr=False)
    key_id: str = ""
    key_secret: str = field(default="", repr=False)
    sign_name: str = ""
    app_id: str = ""
    region: str = "ap-guangzhou"
    templates: Mapping[str, str] = field(default_factory=dict)


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
    key_pause_seconds: int = 60
    anchor_file: Path = Path("anchors.log")
    notices: Notices = Notices()

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
        key_pause_seconds=_number(env, "DAIBAN_KEY_PAUSE_SECONDS", 60, 1, 86400),
        anchor_file=Path(env.get("DAIBAN_ANCHOR_FILE") or data_dir / "anchors.log").absolute(),
        notices=_notices(env),
    )


def _notices(env: Mapping[str, str]) -> Notices:
    found = Notices(
        sms=_choice(env, "DAIBAN_SMS", "console", SMS),
        staff=_choice(env, "DAIBAN_STAFF_NOTICES", "console", STAFF),
        sms_url=_url(env, "DAIBAN_SMS_URL", "") if env.get("DAIBAN_SMS_URL") else None,
        staff_url=_url(env, "DAIBAN_STAFF_URL", "") if env.get("DAIBAN_STAFF_URL") else None,
        hosts=frozenset(env.get("DAIBAN_WEBHOOK_HOSTS", "").lower().replace(",", " ").split()),
        private=_choice(env, "DAIBAN_WEBHOOK_PRIVATE", "no", ("no", "yes")) == "yes",
        webhook_secret=_secret(env, "DAIBAN_WEBHOOK_SECRET"),
        receipt_secret=_secret(env, "DAIBAN_RECEIPT_SECRET"),
        key_id=env.get("DAIBAN_SMS_KEY_ID", ""),
        key_secret=env.get("DAIBAN_SMS_KEY_SECRET", ""),
        sign_name=env.get("DAIBAN_SMS_SIGN_NAME", ""),
        app_id=env.get("DAIBAN_SMS_APP_ID", ""),
        region=env.get("DAIBAN_SMS_REGION") or Notices.region,
        templates=_templates(env, "DAIBAN_SMS_TEMPLATES"),
    )
    _check_webhook(found.sms == "webhook", "DAIBAN_SMS", "DAIBAN_SMS_URL", found.sms_url, found)
    _check_webhook(found.staff == "webhook", "DAIBAN_STAFF_NOTICES", "DAIBAN_STAFF_URL", found.staff_url, found)
    if found.sms in ("aliyun", "tencent"):
        _check_provider(env, found)
    return found


def _check_webhook(used: bool, name: str, url_name: str, url: str | None, found: Notices) -> None:
    if not used:
        return
    if url is None:
        raise BadSetting(f"{name}=webhook needs {url_name}")
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if parts.hostname not in found.hosts and f"{parts.hostname}:{port}" not in found.hosts:
        raise BadSetting(f"DAIBAN_WEBHOOK_HOSTS must name the host of {url_name}, {parts.hostname}")
    if not found.webhook_secret:
        raise BadSetting(f"{name}=webhook needs DAIBAN_WEBHOOK_SECRET")


def _check_provider(env: Mapping[str, str], found: Notices) -> None:
    needed = ["DAIBAN_SMS_KEY_ID", "DAIBAN_SMS_KEY_SECRET", "DAIBAN_SMS_SIGN_NAME", "DAIBAN_SMS_TEMPLATES"]
    for name in [*needed, *(["DAIBAN_SMS_APP_ID"] if found.sms == "tencent" else [])]:
        if not env.get(name):
            raise BadSetting(f"DAIBAN_SMS={found.sms} needs {name}")


def _secret(env: Mapping[str, str], name: str) -> str:
    text = env.get(name, "")
    if text and len(text) < SHORTEST_SECRET:
        raise BadSetting(f"{name} must have at least {SHORTEST_SECRET} characters")
    return text


def _templates(env: Mapping[str, str], name: str) -> dict[str, str]:
    if not env.get(name):
        return {}
    try:
        found = json.loads(Path(env[name]).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadSetting(f"{name} must name a readable JSON file, not {env[name]!r}") from error
    if not isinstance(found, dict) or not all(isinstance(code, str) and code for code in found.values()):
        raise BadSetting(f"{name} must hold an object of template names and the provider's codes")
    return found


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
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fits = False
    if not fits or parts.query or parts.fragment:
        raise BadSetting(f"{name} must be an http(s) address, not {text!r}")
    return text
