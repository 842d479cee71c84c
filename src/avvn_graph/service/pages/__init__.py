"""The pages: plain HTML rendered on the server, in Dutch or English, that works without JavaScript."""
