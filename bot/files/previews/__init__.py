"""Pictures of a model: a film around it, or of what it does, and a still.

The drawing is f3d's and happens in a child process with hard limits, one at a time; the
extra ``preview`` brings f3d. Only files that passed the check are ever shown to it.
``rendering`` is for the parent, all else for the child. Nothing is imported here: f3d has
an OpenSSL of its own, which does not load beside that of Python's ``ssl``.
"""
