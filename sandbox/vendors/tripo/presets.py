"""The animation presets, and which rigs take them."""

_BASE = """
    idle walk run dive climb jump slash shoot hurt fall turn
    quadruped:walk hexapod:walk octopod:walk serpentine:march aquatic:march
"""
_BIPED = """
    afraid agree angry_01 angry_02 angry_03 basketball_shot bow box_01 box_02 box_03 cast_a_spell cheer chop
    clap climb complain_01 complain_02 cross_body_crunch crossover_dribble cry dance_01 dance_02 dance_03
    dance_04 dance_05 dance_06 defeat_02 defeat_03 depressed dig dive dribble fall fire flee_01 flee_02 flip
    fold_arms football_catch football_save football_pass freaky frightened front_kick_01 front_kick_02
    frustrated_01 frustrated_02 golf greet_01 greet_02 greet_03 greet_04 heart_pose hit_to_body_01
    hit_to_body_02 hit_to_head hit_to_side hit_to_stomach hug hurt idle jump_down jump jump_rope_01
    jump_rope_02 laugh_01 laugh_02 lift_heavy look_around make_a_call_01 make_a_call_02 pitch_baseball
    play_mobile_game play_video_game run_upstairs run scared_01 scared_02 scratch shoot shovel sing_01 sing_02
    sing_03 sing_04 sit slash sob standing_relax surf swagger swim turn victory_celebration volleyball wait
    walk warm_up wave_goodbye_01 wave_goodbye_02
"""

BASE = frozenset(f"preset:{name}" for name in _BASE.split())
"""What every rig model is offered; the part before the last colon names the skeleton, none is a biped's."""

BIPED = frozenset(f"preset:biped:{name}" for name in _BIPED.split())
"""The hundred that only rigs of v1.0-20240301 take."""

RIG_V1 = "v1.0-20240301"


def fits(preset: str, *, rig_model: str, rig_type: str) -> bool:
    """Whether a rig of this model and skeleton plays the preset."""
    if preset in BIPED:
        return rig_model == RIG_V1
    if preset not in BASE:
        return False
    skeleton = preset.split(":")[1] if preset.count(":") == 2 else "biped"
    return skeleton == rig_type
