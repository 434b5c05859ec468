"""What we exchange with vendors of 3D models: requests, task handles, outcomes and errors.

Nothing in here knows Discord, the database, or what a member is.
"""
