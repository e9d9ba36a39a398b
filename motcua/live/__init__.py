"""The live process: plain ASGI, only pushes. One LISTEN connection, server-sent events, no Django."""
