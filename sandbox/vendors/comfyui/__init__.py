"""A ComfyUI at the wire: its queue, its history, its socket, and graphs that give real files."""
