"""Where sources disagree about the vendor, or do not say: which of the ways is played."""

from typing import Literal

from pydantic import Field

from sandbox.vendors.control import Strict


class Ways(Strict):
    """The defaults are what the newest or the strictest source says."""

    prompt_most: int = Field(default=800, ge=1)
    """Signs in a prompt; older sources say 600."""
    page_most: int = Field(default=50, ge=1)
    """Rows on a page of a list; newer sources say 100."""
    meshy_5: bool = True
    """The old generation is still served."""
    lowpoly: bool = False
    """The old way to few faces is still served, after the day that was announced for its end."""
    fine_geometry: bool = True
    """The account may ask for 2k and 4k geometry; else 403."""
    list_filters: bool = False
    """Lists heed ``status``, which one client sends and no document names."""
    animation_type: Literal["animate", "animation"] = "animate"
    library_shape: Literal["array", "result"] = "array"
    """The library's rows themselves, or an object that holds them."""
    moderation: Literal["task", "request"] = "task"
    """What was to be screened fails as a task, or is refused with 400 at once."""
    preview_textures: bool = False
    """A preview has an entry among ``texture_urls`` all the same."""
    echo_model: bool = False
    """Tasks repeat ``ai_model`` and ``geometry_resolution``."""
    raw_is_heavy: bool = False
    """A mesh that nobody had remeshed counts as too heavy for rigging, as it mostly is."""
