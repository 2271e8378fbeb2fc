"""Which job this thread is working on, for whoever writes what it logs."""

from contextvars import ContextVar

job_uuid: ContextVar[str] = ContextVar("job_uuid", default="")
