"""Tripo's presets by our clip names, for each kind of skeleton.

A humanoid is rigged with v1.0, because only its rigs play the library of a hundred
clips; every other skeleton needs v2.5 and has one clip at most.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

HUMANOID = "biped"
HUMANOID_RIG = "v1.0-20240301"
GENERAL_RIG = "v2.5-20260210"

# The best known first: they are what a member sees before typing.
_LIBRARY = """
idle walk run jump dance_01 wave_goodbye_01
afraid agree angry_01 angry_02 angry_03 basketball_shot bow box_01 box_02 box_03 cast_a_spell cheer chop
clap climb complain_01 complain_02 cross_body_crunch crossover_dribble cry dance_02 dance_03 dance_04
dance_05 dance_06 defeat_02 defeat_03 depressed dig dive dribble fall fire flee_01 flee_02 flip fold_arms
football_catch football_save football_pass freaky frightened front_kick_01 front_kick_02 frustrated_01
frustrated_02 golf greet_01 greet_02 greet_03 greet_04 heart_pose hit_to_body_01 hit_to_body_02 hit_to_head
hit_to_side hit_to_stomach hug hurt jump_down jump_rope_01 jump_rope_02 laugh_01 laugh_02 lift_heavy
look_around make_a_call_01 make_a_call_02 pitch_baseball play_mobile_game play_video_game run_upstairs
scared_01 scared_02 scratch shoot shovel sing_01 sing_02 sing_03 sing_04 sit slash sob standing_relax surf
swagger swim turn victory_celebration volleyball wait warm_up wave_goodbye_02
""".split()  # noqa: SIM905 # a hundred names read better as words

_BASE = ("idle", "walk", "run", "dive", "climb", "jump", "slash", "shoot", "hurt", "fall", "turn")

_HUMANOID: Mapping[str, str] = MappingProxyType({name: f"preset:biped:{name}" for name in _LIBRARY})
_HUMANOID_ON_GENERAL_RIG: Mapping[str, str] = MappingProxyType({name: f"preset:{name}" for name in _BASE})
_OTHERS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "quadruped": {"walk": "preset:quadruped:walk"},
        "hexapod": {"walk": "preset:hexapod:walk"},
        "octopod": {"walk": "preset:octopod:walk"},
        "serpentine": {"march": "preset:serpentine:march"},
        "aquatic": {"march": "preset:aquatic:march"},
    }
)


def rig_model(rig_type: str) -> str:
    """The rig model that gives this skeleton the most clips."""
    return HUMANOID_RIG if rig_type == HUMANOID else GENERAL_RIG


def presets(rig: Mapping[str, Any]) -> Mapping[str, str]:
    """Clip name to preset, for a rig with these facts; a humanoid of ours where there are none."""
    rig_type = rig.get("rig_type") or HUMANOID
    if rig_type != HUMANOID:
        return _OTHERS.get(rig_type, {})
    general = (rig.get("rig_model") or HUMANOID_RIG) != HUMANOID_RIG
    return _HUMANOID_ON_GENERAL_RIG if general else _HUMANOID
