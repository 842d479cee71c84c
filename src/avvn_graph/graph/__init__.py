"""Facts to quads, checked against the ontology's shapes, and published as immutable builds."""
