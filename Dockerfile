# The portal as a container: built in one stage, run in another, as an ordinary user, on a root
# that can be mounted read-only. What it writes goes to /data; compose.yaml mounts a volume there.

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUTF8=1
WORKDIR /portal
COPY requirements.txt ./
RUN python -m venv .venv && .venv/bin/python -m pip install --require-hashes -r requirements.txt
COPY manage.py pyproject.toml ./
COPY accounts accounts
COPY donors donors
COPY fixtures fixtures
COPY habitat_portal habitat_portal
COPY income income
COPY interface interface
COPY jobs jobs
COPY locale locale
COPY reports reports
COPY static static
COPY targets targets
COPY templates templates
RUN .venv/bin/python -m babel.messages.frontend --quiet compile -D django -d locale \
    && .venv/bin/python -m compileall -q accounts donors habitat_portal income interface jobs reports targets

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 portal \
    && useradd --uid 10001 --gid portal --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 0700 /data
COPY --from=build /portal /portal
WORKDIR /portal
USER portal
ENV PATH=/portal/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONUTF8=1 \
    PORTAL_DATA_DIR=/data HOME=/tmp
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# What is healthy differs by process: compose.yaml names the check of each.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-m", "habitat_portal.probe", "http://127.0.0.1:8000/healthz"]
CMD ["python", "-m", "gunicorn", "--config", "python:habitat_portal.gunicorn", "habitat_portal.wsgi:application"]
