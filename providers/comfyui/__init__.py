"""ComfyUI on the owner's own GPU, by its native HTTP API: free, private, and as good as its workflows."""

from providers.comfyui.client import BASE_URL, ComfyUI

__all__ = ["BASE_URL", "ComfyUI"]
