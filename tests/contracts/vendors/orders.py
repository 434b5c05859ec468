"""Who asks, and what for."""

from bot.jobs.orders import Asker, GenerateOrder
from tests.contracts.vendors.table import Row

GUILD = 77
ADA = Asker(user_id=1, guild_id=GUILD, locale="en-US")
BEN = Asker(user_id=2, guild_id=GUILD, locale="es-ES")
KNIGHT = GenerateOrder(prompt="a wooden knight")


def order_until(row: Row, step: str) -> GenerateOrder:
    """The shortest plan with such a step."""
    steps = list(row.types)
    rig = "rig" in row.types and steps.index(step) > steps.index("generate")
    return GenerateOrder(prompt="a wooden knight", rig=rig, clips=("jump",) if step == "animate" else ())


def whole_plan(row: Row) -> GenerateOrder:
    """All that a vendor does, in one order."""
    return order_until(row, list(row.types)[-1])
