"""A Meshy at the wire: from text or a picture to a rigged, animated model, with real files and real refusals.

Not here: printing, motion from text, and the creative lab; their routes are 404, as any route that is not.
"""
