"""The rest of the world, on this machine: a Discord and vendors that talk over real sockets.

It stands outside: it knows nothing of ``bot``, ``providers`` and ``storage``, and
imitates the services from their documents, so that other clients work against it too.
"""
