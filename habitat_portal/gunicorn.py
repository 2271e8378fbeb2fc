"""How gunicorn serves the portal in production: `--config python:habitat_portal.gunicorn`.

Processes times threads are the requests worked on at once. WEB_PROCESSES, WEB_THREADS and PORT
come from the environment; in a container the port is open to its network, otherwise to this
machine alone (WEB_HOST).
"""

import os
import shutil
import tempfile
from typing import Any

from habitat_portal import logs
from habitat_portal.safety import Mode, mode_of, refuse_unsafe_settings

# How prometheus-client learns of the folder; nobody sets it but this file.
COUNTED_TOGETHER_IN = "PROMETHEUS_MULTIPROC_DIR"
refuse_unsafe_settings(os.environ)  # once, here, rather than by each process that cannot start
bind = f"{os.environ.get('WEB_HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"  # noqa: S104  a container's own network
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Shared memory: on a read-only root there is no other place that is quick.
worker_tmp_dir = "/dev/shm"  # noqa: S108  gunicorn makes files of its own names there
timeout = 60
graceful_timeout = 30
keepalive = 5
# A process that grew is replaced; not all at once.
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True
loglevel = "warning"
if mode_of(os.environ) is Mode.PRODUCTION:
    logconfig_dict = logs.configuration(is_production=True)


def on_starting(server: Any) -> None:
    """A folder in which the processes count requests together, for /metrics; empty at first."""
    os.environ[COUNTED_TOGETHER_IN] = tempfile.mkdtemp(prefix="portal-metrics-")


def on_exit(server: Any) -> None:
    shutil.rmtree(os.environ[COUNTED_TOGETHER_IN], ignore_errors=True)


def pre_fork(server: Any, worker: Any) -> None:
    """Number the processes; one that follows another goes on with its number."""
    taken = {other.number for other in server.WORKERS.values() if other is not worker}
    worker.number = next(number for number in range(len(taken) + 1) if number not in taken)


def post_fork(server: Any, worker: Any) -> None:
    """Count under that number: by the process' id, each that ever lived would leave a file."""
    from prometheus_client import values

    values.ValueClass = values.MultiProcessValue(lambda: worker.number)
