"""Shapes and what is done to them: clay, body plans, paint, skeletons, motion, GLB files, pictures."""
