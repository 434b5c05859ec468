"""What we keep: the nouns, the database that holds them, and the store for their files.

Nothing in here knows Discord or a vendor.
"""
