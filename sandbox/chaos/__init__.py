"""Chaos: a real bot, many members and four vendors, while everything that can go wrong does.

The bot is a process that is killed with -9 at its most delicate moments, frozen, cut off and
denied its disk. Afterwards the books are read from outside: nothing may be lost or paid twice.
"""
