# Builds from this repository alone: a wheel with its islands, the graph of the letters in it, and a small image that serves it.
FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
# hadolint ignore=DL3013
RUN pip wheel --no-cache-dir --wheel-dir /wheels --constraint constraints.txt . \
 && pip install --no-cache-dir --no-index --find-links /wheels avvn-graph \
 && AVVN_STORE=/graph avvn-graph build

FROM python:3.12-slim
# hadolint ignore=DL3013
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels avvn-graph \
 && useradd --system --uid 10001 avvn
COPY --from=build --chown=10001 /graph /var/lib/avvn
USER 10001
ENV AVVN_STORE=/var/lib/avvn AVVN_HOST=0.0.0.0
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=3)"]
CMD ["avvn-graph", "serve"]
