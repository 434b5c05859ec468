"""A Tripo at the wire: API v3 from text to animated model, with real files and real refusals."""
