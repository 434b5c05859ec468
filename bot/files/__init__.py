"""What we think of a file before we keep it: models and pictures, by their content.

Nothing in here knows jobs, vendors or the network. All of it is plain synchronous
work on files and bytes; callers on an event loop run it in a thread.
"""
