"""Logs: one JSON object a line on stderr, with the request's id; no personal data, no query strings."""

from typing import Any

import structlog

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def without_location(_logger: object, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """``django.request`` writes the address into its text; the request's own line already names the route."""
    if event.get("logger") in ("django.request", "django.security.csrf"):
        event["event"] = str(event["event"]).split(":")[0]
    return event


def logging(level: str, style: str) -> dict[str, Any]:
    """Django's LOGGING; ``style`` is ``json`` or ``text``. Also sets structlog up."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structlog": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    without_location,
                    structlog.processors.format_exc_info,
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structlog"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # 4xx are answers, not faults; each has its request line.
            "django.request": {"level": "ERROR"},
            # Its lines hold user names and addresses of clients.
            "axes": {"level": "ERROR"},
            "django.security": {"level": "WARNING"},
            "django.server": {"handlers": [], "propagate": False},
        },
    }
