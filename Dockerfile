# The light install: the bundled encoder on onnxruntime, without PyTorch. Everything that changes lies in /data.
FROM python:3.12-slim

WORKDIR /app
# Modes are set here: a checkout's own may let nobody but its owner read.
COPY --chmod=755 requirements-light.txt requirements-qdrant.txt requirements.lock ./
RUN pip install --no-cache-dir --requirement requirements-light.txt --requirement requirements-qdrant.txt --constraint requirements.lock
COPY --chmod=755 app.py ./
COPY --chmod=755 rag rag
COPY --chmod=755 prompts prompts
COPY --chmod=755 corpus corpus

RUN groupadd --gid 10001 isnad && useradd --uid 10001 --gid 10001 --no-create-home isnad && mkdir /data && chown 10001:10001 /data
USER 10001:10001
VOLUME /data
ENV ISNAD_HOST=0.0.0.0 ISNAD_INDEX_DIR=/data/index ISNAD_CACHE_DIR=/data/cache HOME=/tmp PYTHONDONTWRITEBYTECODE=1
EXPOSE 7860
HEALTHCHECK --start-period=120s CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ.get('ISNAD_PORT') or 7860}/livez\")"]
CMD ["python", "app.py"]
