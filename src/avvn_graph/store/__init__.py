"""Where quads live and are asked: one narrow interface, and worker processes over read-only Oxigraph stores under it."""
