"""Vendors of 3D models, at the wire."""
