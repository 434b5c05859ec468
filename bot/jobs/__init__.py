"""The core: what a job is, how it moves, who pays.

Nothing in here knows Discord, HTTP, SQL or S3. Commands call ``service``, the
engine moves what was asked for, and ``views`` says what there is to show.
"""
