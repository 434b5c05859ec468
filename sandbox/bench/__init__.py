"""Figures: what is measured on this machine, against a goal or against something plain in the same run.

Each measure is a module with ``async def figures(...)``. Machines are noisy: a figure that
a goal depends on is a median or a ratio of two things done in the same run.
"""
