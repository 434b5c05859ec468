import pytest

from providers.tripo.clips import presets


def test_a_humanoid_of_ours_plays_the_whole_library() -> None:
    clips = presets({"rig_type": "biped", "rig_model": "v1.0-20240301"})

    assert len(clips) == 100
    assert {"walk", "run", "idle", "jump", "wave_goodbye_01", "dance_01"} <= set(clips)
    assert all(preset == f"preset:biped:{clip}" for clip, preset in clips.items())


def test_without_facts_the_clips_are_those_of_the_rig_we_would_make() -> None:
    assert presets({}) == presets({"rig_type": "biped", "rig_model": "v1.0-20240301"})
    assert presets({"rig_type": None, "rig_model": None}).keys() == presets({}).keys()


@pytest.mark.parametrize(
    ("rig_type", "clips"),
    [
        ("quadruped", {"walk": "preset:quadruped:walk"}),
        ("hexapod", {"walk": "preset:hexapod:walk"}),
        ("octopod", {"walk": "preset:octopod:walk"}),
        ("serpentine", {"march": "preset:serpentine:march"}),
        ("aquatic", {"march": "preset:aquatic:march"}),
        ("avian", {}),
        ("others", {}),
        ("dragon", {}),
    ],
)
def test_other_skeletons_play_what_the_vendor_has_for_them(rig_type: str, clips: dict[str, str]) -> None:
    assert presets({"rig_type": rig_type, "rig_model": "v2.5-20260210"}) == clips


def test_a_humanoid_on_the_general_rig_plays_the_base_clips() -> None:
    clips = presets({"rig_type": "biped", "rig_model": "v2.5-20260210"})

    assert len(clips) == 11
    assert clips["walk"] == "preset:walk"
