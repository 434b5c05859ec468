import aiohttp
import pytest

from tests.sandbox.vendors.program import program

pytestmark = pytest.mark.process


async def test_it_says_where_it_listens_and_which_key_is_good_and_ends_on_ctrl_c() -> None:
    says = r"Tripo at (http://127\.0\.0\.1:\d+/v3)  key (tsk_\w+)"
    async with program("tripo", "--credits", "42", says=says) as said:
        headers = {"Authorization": f"Bearer {said[2]}"}
        async with aiohttp.request("GET", f"{said[1]}/account/balance", headers=headers) as answer:
            balance = await answer.json()

    assert balance["data"]["balance"] == 42
