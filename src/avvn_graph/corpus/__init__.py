"""Corpus: letters in. Reading, cleaning with an offset map, division into passages, document metadata."""

from avvn_graph.corpus.reading import read_folder, read_letter

__all__ = ["read_folder", "read_letter"]
