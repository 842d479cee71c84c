"""avvn-graph: Dutch letters to parliament about the UN General Assembly, as a knowledge graph."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("avvn-graph")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0.0.0"
