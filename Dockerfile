# syntax=docker/dockerfile:1
# 吉问: docker build -t jiwen .    运行见 compose.yaml
# Two stages: wheels and tools stay in the first; the second holds Python, the environment, no root.
ARG PYTHON=3.11-slim

FROM python:${PYTHON} AS build
# The torch of the default index brings gigabytes of CUDA; this is PyTorch's own index for CPUs.
# Another mirror: --build-arg TORCH_INDEX=...
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_COMPILE=1
RUN python -m venv /opt/jiwen
WORKDIR /src
COPY constraints.txt ./
RUN /opt/jiwen/bin/pip install --constraint constraints.txt --index-url "${TORCH_INDEX}" torch
COPY pyproject.toml README.md LICENSE ./
COPY config/ config/
COPY retrieval/ retrieval/
COPY bot/ bot/
RUN /opt/jiwen/bin/pip install --constraint constraints.txt . \
    && /opt/jiwen/bin/pip uninstall --yes pip \
    && find /opt/jiwen -type d \( -name tests -o -name test \) -path '*/site-packages/torch*' \
       -prune -exec rm -rf {} +

FROM python:${PYTHON}
RUN groupadd --system --gid 10001 jiwen \
    && useradd --system --uid 10001 --gid jiwen --home-dir /data --shell /usr/sbin/nologin jiwen \
    && mkdir -p /data/index /data/state /seeds /config \
    && chown -R jiwen:jiwen /data
COPY --from=build /opt/jiwen /opt/jiwen
# Pages and settings come in read-only; index and state are what is written, beside /tmp.
ENV PATH=/opt/jiwen/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LC_ALL=C.UTF-8 \
    OMP_NUM_THREADS=1 \
    HF_HOME=/data/models \
    JIWEN_SEEDS=/seeds \
    JIWEN_INDEX=/data/index \
    JIWEN_CONFIG=/config \
    JIWEN_STATE=/data/state/state.sqlite3
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
HEALTHCHECK --interval=60s --timeout=20s --start-period=180s --retries=3 CMD ["jiwen", "health"]
ENTRYPOINT ["jiwen"]
CMD ["bot"]
