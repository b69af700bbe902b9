# CPU only: docker build -t spacy-xproj . ; docker run --rm -v "$PWD:/work" spacy-xproj init demo --demo
FROM python:3.11-slim
ENV PIP_NO_CACHE_DIR=1 PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu
WORKDIR /src
COPY constraints.txt setup.cfg pyproject.toml MANIFEST.in README.md LICENSE ./
COPY spacy_xproj spacy_xproj
RUN pip install -c constraints.txt ".[offline,stat]" && rm -rf /src
RUN useradd --create-home xproj
USER xproj
WORKDIR /work
ENTRYPOINT ["spacy-xproj"]
CMD ["--help"]
