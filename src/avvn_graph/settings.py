"""Settings: every one has a default, and an environment variable ``AVVN_<NAME>`` that overrides it."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

_PACKAGE = Path(__file__).resolve().parent


def resource_root() -> Path:
    """The folder with ``data/``, ``ontology/`` and ``queries/``: in a wheel inside the package, else the checkout."""
    packaged = _PACKAGE / "_resources"
    return packaged if packaged.is_dir() else _PACKAGE.parent.parent


class Settings(BaseSettings):
    """What can be set from outside; paths may be relative to the working directory."""

    model_config = SettingsConfigDict(env_prefix="AVVN_", extra="forbid")

    base_iri: str = Field("https://w3id.org/avvn/", description="Base of every IRI; ends in a slash.")
    documents: Path = Field(default_factory=lambda: resource_root() / "data" / "documents",
                            description="Folder with the letters and their metadata files.")
    annotations: Path = Field(default_factory=lambda: resource_root() / "data" / "gold",
                              description="Folder with annotations of the letters, by which a build of them is measured; may be absent.")
    vocabularies: Path = Field(default_factory=lambda: resource_root() / "data" / "vocabularies",
                               description="Folder with the reviewed vocabularies.")
    ontology: Path = Field(default_factory=lambda: resource_root() / "ontology",
                           description="Folder with avvn.ttl and shapes.ttl.")
    queries: Path = Field(default_factory=lambda: resource_root() / "queries",
                          description="Folder with the canned queries.")
    store: Path = Field(Path("var/graph"), description="Folder that holds the builds and points at the current one.")
    spacy_model: str | None = Field(None, description="Installed spaCy model to use instead of the blank Dutch one.")
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the server listens on.")
    query_timeout: float = Field(10.0, gt=0, description="Seconds a query may take.")
    query_memory: int = Field(2_000_000_000, gt=0, description="Bytes of memory a query may take.")
    query_workers: int = Field(default_factory=lambda: max(2, min(os.cpu_count() or 1, 9)), ge=1,
                               description="Query worker processes of each server process; by default as many as there are cores, at least two and at most nine.")
    memory_quads: int = Field(500_000, ge=0,
                              description="Graphs of at most so many quads are held in memory (some 0.4 kB a quad, twice in each server process) "
                              "and answer three to five times as fast as from disk; 0 for none.")
    max_query_length: int = Field(100_000, gt=0, description="Characters a query may have.")
    max_result_bytes: int = Field(50_000_000, gt=0, description="Bytes a result may have.")
    queries_per_client: int = Field(32, ge=1, description="Queries that one client may have running at once.")
    cache_bytes: int = Field(64_000_000, ge=0, description="Bytes of SPARQL answers kept in memory; 0 keeps none.")
    workers: int = Field(1, ge=1, description="Server processes; each has its own query workers and cache.")
    access_log: bool = Field(True, description="A line of JSON per request on standard error: no addresses, no query texts.")
    max_body_bytes: int = Field(1_000_000, gt=0, description="Bytes a request body may have.")
    store_url: str | None = Field(None, description="Query endpoint of a SPARQL 1.1 server to serve from instead of the local store.")
    store_graphs: str | None = Field(None, description="Graph store (protocol) of that server, to load builds into.")
    store_auth: SecretStr | None = Field(None, description="basic:USER:PASSWORD, digest:USER:PASSWORD or bearer:TOKEN for that server.")
    union_default_graph: bool = Field(True, description="Whether the default graph of a query is the union of all graphs.")
    writable: bool = Field(False, description="Take updates, from whoever has the token.")
    token: SecretStr | None = Field(None, min_length=16, description="Bearer token for updates, 16 characters or more.")


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The process's settings, read once from the environment."""
    return Settings()
