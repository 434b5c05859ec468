"""The generations of the model that there are, and what each of them takes."""

from sandbox.vendors.meshy.bodies import Paint, Shape
from sandbox.vendors.meshy.prices import LIGHT, SMART
from sandbox.vendors.meshy.refusals import bad
from sandbox.vendors.meshy.ways import Ways
from sandbox.vendors.refusals import Refusal

LATEST = "meshy-7.1"
STANDARD = frozenset({"meshy-5", "meshy-6-lite", "meshy-6", "meshy-7", LATEST})
MOST_SMART_FACES = 15_000


def shaping(request: Shape, ways: Ways, *, smart: frozenset[str] = SMART) -> str:
    """Which generation makes a mesh; 400 for one that is not there or does not take what is asked of it."""
    if request.model_type == "smart-topology":
        return _smart(request, smart)
    if request.model_type == "lowpoly":
        if not ways.lowpoly:
            raise bad("model_type: lowpoly is retired; use smart-topology")
        return "meshy-6"
    model = known(request.ai_model, ways)
    if request.geometry() != "standard":
        _admit_fine(model, ways)
    return model


def known(name: str | None, ways: Ways) -> str:
    """A generation by its name; none and ``latest`` are the newest. 400 for any other."""
    model = LATEST if name in {None, "latest"} else str(name)
    if model not in STANDARD or (model == "meshy-5" and not ways.meshy_5):
        raise bad(f"ai_model: {name} is not supported")
    return model


def admit_paint(request: Paint, model: str) -> None:
    """400 where this generation does not paint so finely."""
    if model in LIGHT and request.resolution() != "2k":
        raise bad(f"texture_resolution: {request.resolution()} is not supported by {model}")


def _smart(request: Shape, smart: frozenset[str]) -> str:
    model = request.ai_model or "meshy-t2"
    if model not in smart:
        raise bad(f"ai_model: {model} does not support smart-topology")
    if request.geometry() != "standard":
        raise bad("geometry_resolution is not supported with smart-topology")
    if (request.target_polycount or 0) > MOST_SMART_FACES:
        raise bad(f"target_polycount: at most {MOST_SMART_FACES} with smart-topology")
    return model


def _admit_fine(model: str, ways: Ways) -> None:
    if model not in {LATEST, "meshy-7"}:
        raise bad(f"geometry_resolution is not supported by {model}")
    if not ways.fine_geometry:
        raise Refusal(403, "geometry_resolution is not part of your plan")
