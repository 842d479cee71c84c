"""What goes out: SPARQL, linked data, the API, the question box and the pages, as one ASGI app."""
