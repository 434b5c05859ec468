import aiohttp
import pytest

from tests.sandbox.vendors.program import program

pytestmark = pytest.mark.process


async def test_it_says_where_it_listens_and_what_is_demanded_and_ends_on_ctrl_c() -> None:
    words = ("--comfyui-version", "0.40.1", "--custom-nodes", "ComfyUI-UniRig", "--key", "Bearer let-me-in")
    says = r"ComfyUI at (http://127\.0\.0\.1:\d+)  key Bearer let-me-in"
    async with program("comfyui", *words, says=says) as said:
        headers = {"Authorization": "Bearer let-me-in"}
        async with aiohttp.ClientSession(said[1], headers=headers) as http:
            async with http.get("/system_stats") as answer:
                stats = await answer.json()
            async with http.get("/object_info/UniRigAutoRig") as answer:
                rigs = await answer.json()

    assert stats["system"]["comfyui_version"] == "0.40.1"
    assert "UniRigAutoRig" in rigs
