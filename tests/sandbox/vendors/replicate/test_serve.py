import aiohttp
import pytest

from tests.sandbox.vendors.program import program

pytestmark = pytest.mark.process


async def test_it_says_where_it_listens_and_which_key_is_good_and_ends_on_ctrl_c() -> None:
    says = r"Replicate at (http://127\.0\.0\.1:\d+/v1)  key (r8_\w{37})"
    async with program("replicate", "--credits", "0", says=says) as said:
        headers = {"Authorization": f"Bearer {said[2]}"}
        body = {"version": "tencent/hunyuan-3d-3.1", "input": {"prompt": "an owl"}}
        async with aiohttp.request("POST", f"{said[1]}/predictions", headers=headers, json=body) as answer:
            refused = answer.status

    assert refused == 402
