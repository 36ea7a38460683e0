FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements requirements
RUN pip install --no-cache-dir --require-hashes --requirement requirements/build.lock \
    && pip wheel --no-cache-dir --require-hashes --no-build-isolation --wheel-dir /wheels \
        --requirement requirements/run.lock
COPY setup.cfg pyproject.toml README.md LICENSE ./
COPY api api
COPY schemas schemas
# From /wheels alone, where there is one version of each.
# hadolint ignore=DL3013
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
    && python -m venv --without-pip /opt/crosscheck \
    && pip --python /opt/crosscheck/bin/python install --no-cache-dir --no-index --find-links /wheels \
        'crosscheck[postgresql,redis]'

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 crosscheck \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --shell /usr/sbin/nologin crosscheck \
    && install --directory --owner crosscheck --group crosscheck /data
COPY --from=build /opt/crosscheck /opt/crosscheck
COPY fixtures /srv/fixtures
ENV PATH=/opt/crosscheck/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////data/crosscheck.db \
    HOST=0.0.0.0 \
    PORT=8000
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/readyz\", timeout=2)"]
CMD ["crosscheck", "serve", "--migrate", "--load", "/srv/fixtures"]
