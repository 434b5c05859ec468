"""What goes over the wire, whatever the route."""

from aiohttp import web

from sandbox.vendors.meshy.accounts import Key

OPENED = web.RequestKey("opened", Key)
"""The key that a request came with, once it was found to be good."""
RESOURCES = {
    "/openapi/v2/text-to-3d": "text-to-3d",
    **{
        f"/openapi/v1/{name}": name
        for name in (
            "image-to-3d",
            "multi-image-to-3d",
            "retexture",
            "remesh",
            "convert",
            "resize",
            "uv-unwrap",
            "rigging",
            "animations",
            "text-to-image",
            "image-to-image",
        )
    },
}
"""Paths, each of which creates, lists, shows, streams and deletes tasks of its own."""
