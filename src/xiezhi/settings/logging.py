"""Logs: one JSON object a line on stderr, with the request's id; no personal data, no query strings.

Messages of exceptions stay out, whoever logs them: types and places are told instead (``core.trail``).
"""

import sys
from logging import Filter, LogRecord
from typing import Any

import structlog

from xiezhi.core.trail import line, trail

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


def strangers_in_a_line(_logger: object, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """A request for another host is a scanner's, no fault of ours: one warning, without what it sent."""
    if event.get("logger") == "django.security.DisallowedHost":
        event.pop("exc_info", None)
        event |= {"event": "a host name that is not ours was asked for", "level": "warning"}
    return event


def without_messages(_logger: object, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Exceptions are told by type and place, also where their words were put into the line itself."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = trail(error)
        for each in line(error):
            if str(each):
                event["event"] = str(event["event"]).replace(str(each), type(each).__name__)
    for name, value in event.items():
        if isinstance(value, BaseException):
            event[name] = trail(value)
    return event


def told(arguments: Any) -> Any:
    """What is filled into a line, exceptions by type and place."""
    if not isinstance(arguments, tuple):
        return arguments
    return tuple(trail(one) if isinstance(one, BaseException) else one for one in arguments)


def without_arguments(_logger: object, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Before structlog fills them in."""
    if "positional_args" in event:
        event["positional_args"] = told(event["positional_args"])
    return event


class WithoutArguments(Filter):
    """The same for the standard library's loggers."""

    def filter(self, record: LogRecord) -> bool:
        record.args = told(record.args)
        return True


def logging(level: str, style: str) -> dict[str, Any]:
    """Django's LOGGING; ``style`` is ``json`` or ``text``. Also sets structlog up."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            without_arguments,
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
                    strangers_in_a_line,
                    without_messages,
                    renderer,
                ],
            }
        },
        "filters": {"arguments": {"()": WithoutArguments}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "structlog", "filters": ["arguments"]}
        },
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
