"""What holds for all tests: of the logs, defects are shown; refusals and failed deliveries are what is tested."""

import logging
import sys

import structlog

structlog.configure(
    # The pretty default draws a traceback in half a second.
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
    wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
    # A gateway that runs in this process may log while a command's output is captured.
    logger_factory=structlog.PrintLoggerFactory(sys.__stderr__),
)
