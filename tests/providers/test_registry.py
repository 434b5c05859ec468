from providers.registry import FACTORIES, KEY_SHAPES
from tests.providers.conftest import StillClock


async def test_every_vendor_in_the_table_is_built_from_plain_values(clock: StillClock) -> None:
    for name, factory in FACTORIES.items():
        provider = factory(api_key="tsk_made_up", now=clock.now, sleep=clock.sleep)

        assert provider.name == name
        await provider.aclose()


def test_a_well_shaped_tripo_key_passes_and_a_client_id_is_named() -> None:
    verify = KEY_SHAPES["tripo"]

    assert verify("tsk_0123456789") is None
    assert "client id" in (verify("tcli_0123456789") or "")
    for wrong in ("", "tsk-0123", "sk_0123", "tsk_012 ", "tsk_0 12", "tsk_012\n", "tsk_", "tsk_\u0441lef"):
        assert "tsk_" in (verify(wrong) or "")
