"""What each preset of the vendor's library looks like.

A clip of a person is a way from pose to pose and back to the first ("-" before a pose
mirrors it), or a gait. Bodies on more legs, or none, have a walk of their own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sandbox.shapes.mesh import Floats
from sandbox.shapes.poses import POSES, Pose, mirrored

FRAMES_PER_SECOND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Gait:
    """A walk: how far the limbs swing in degrees, and how the body bears itself."""

    seconds: float
    stride: float
    arms: float
    bend: float
    bounce: float
    lean: float = 3.0
    elbow: float = 14.0
    sway: float = 4.0


GAITS: Mapping[str, Gait] = {
    "walk": Gait(seconds=1.1, stride=26, arms=24, bend=42, bounce=0.025),
    "run": Gait(seconds=0.66, stride=46, arms=48, bend=88, bounce=0.07, lean=14, elbow=82),
    "flee_01": Gait(seconds=0.55, stride=50, arms=56, bend=95, bounce=0.08, lean=22, elbow=70),
    "flee_02": Gait(seconds=0.6, stride=44, arms=20, bend=90, bounce=0.06, lean=-8, elbow=110),
    "run_upstairs": Gait(seconds=0.7, stride=52, arms=40, bend=105, bounce=0.12, lean=20, elbow=80),
    "swagger": Gait(seconds=1.3, stride=22, arms=30, bend=30, bounce=0.03, lean=-6, elbow=35, sway=16),
    "warm_up": Gait(seconds=0.8, stride=34, arms=40, bend=70, bounce=0.05, lean=0, elbow=90),
    "jump_rope_01": Gait(seconds=0.6, stride=2, arms=0, bend=16, bounce=0.12, lean=0, elbow=60, sway=0),
    "jump_rope_02": Gait(seconds=0.6, stride=16, arms=2, bend=40, bounce=0.12, lean=0, elbow=60, sway=2),
}

WAYS: Mapping[str, tuple[float, str]] = {
    "idle": (3.0, "stand breathe stand breathe"),
    "dive": (1.8, "stand wind_up diving diving crouch"),
    "climb": (1.4, "climb_left -climb_left"),
    "jump": (1.5, "stand wind_up air wind_up"),
    "slash": (1.2, "guard side_back side_through guard"),
    "shoot": (1.2, "aim aim recoil aim"),
    "hurt": (1.2, "stand bent_back doubled stand"),
    "fall": (2.4, "stand bent_back lying lying lying kneeling"),
    "turn": (2.0, "stand quarter half three whole"),
    "afraid": (2.0, "shrink startle shrink -startle"),
    "agree": (1.6, "stand nod stand nod"),
    "angry_01": (1.8, "at_hips point at_hips shake"),
    "angry_02": (1.4, "overhead chopped overhead chopped"),
    "angry_03": (1.8, "point -point folded shake"),
    "basketball_shot": (1.8, "crouch cradle air arms_up stand"),
    "bow": (2.2, "stand bowed bowed stand"),
    "box_01": (1.4, "guard jab guard cross"),
    "box_02": (1.6, "guard hook guard cross jab"),
    "box_03": (1.2, "guard jab jab cross"),
    "cast_a_spell": (2.0, "stand overhead arms_up shove stand"),
    "cheer": (1.4, "arms_up air v_up crouch"),
    "chop": (1.4, "overhead chopped guard"),
    "clap": (0.8, "clap_open clap_shut"),
    "complain_01": (2.2, "shrug shake point stand"),
    "complain_02": (2.2, "at_hips shrug shake folded"),
    "cross_body_crunch": (1.6, "t_arms crunch t_arms -crunch"),
    "crossover_dribble": (1.2, "dribble_high dribble_low -dribble_high -dribble_low"),
    "cry": (2.0, "face sob face sob"),
    "dance_01": (2.4, "groove sway -groove clap_shut groove v_up -groove -sway"),
    "dance_02": (1.6, "disco groove -disco -groove"),
    "dance_03": (1.4, "twist -twist twist -twist"),
    "dance_04": (1.6, "roll kick_out -roll -kick_out"),
    "dance_05": (2.4, "v_up groove quarter -groove star stand"),
    "dance_06": (2.0, "sway clap_shut -sway clap_open"),
    "defeat_02": (2.4, "stand droop kneeling kneeling droop"),
    "defeat_03": (2.2, "stand shake droop droop"),
    "depressed": (3.0, "droop breathe droop shake"),
    "dig": (1.6, "side_back chopped lift_low side_through"),
    "dribble": (0.7, "dribble_high dribble_low"),
    "fire": (0.8, "aim recoil"),
    "flip": (1.8, "stand wind_up upside landing"),
    "fold_arms": (2.2, "stand folded folded folded"),
    "football_catch": (1.5, "guard arms_up cradle doubled"),
    "football_save": (1.7, "crouch star bent_side lying crouch"),
    "football_pass": (1.5, "stand throw_back throw_through stand"),
    "freaky": (1.6, "star shrink -twist startle"),
    "frightened": (1.8, "startle shrink shrink"),
    "front_kick_01": (1.3, "guard chamber kick chamber"),
    "front_kick_02": (1.2, "-guard -chamber -kick -chamber"),
    "frustrated_01": (2.0, "face shake overhead chopped"),
    "frustrated_02": (2.0, "at_hips droop shrug shake"),
    "golf": (2.0, "chopped side_back side_through side_through"),
    "greet_01": (1.8, "stand wave_out wave_in wave_out"),
    "greet_02": (2.0, "stand bowed nod stand"),
    "greet_03": (1.8, "stand -wave_out -wave_in -wave_out"),
    "greet_04": (2.0, "stand reach_out hug stand"),
    "heart_pose": (2.0, "stand heart heart sway"),
    "hit_to_body_01": (1.1, "guard doubled stand"),
    "hit_to_body_02": (1.2, "guard bent_back bent_side stand"),
    "hit_to_head": (1.1, "guard bent_back stand"),
    "hit_to_side": (1.1, "guard bent_side stand"),
    "hit_to_stomach": (1.3, "guard doubled doubled stand"),
    "hug": (2.0, "reach_out hug hug stand"),
    "jump_down": (1.8, "stand air landing crouch stand"),
    "laugh_01": (1.4, "bent_back breathe bent_back doubled"),
    "laugh_02": (1.6, "doubled bent_back doubled stand"),
    "lift_heavy": (2.6, "stand lift_low lift_low cradle overhead cradle"),
    "look_around": (3.0, "stand look stand -look"),
    "make_a_call_01": (2.4, "phone nod phone sway"),
    "make_a_call_02": (2.4, "-phone -sway -phone shake"),
    "pitch_baseball": (1.8, "cradle throw_back throw_through stand"),
    "play_mobile_game": (2.2, "cradle nod cradle sway"),
    "play_video_game": (2.0, "seated_lean seated seated_lean"),
    "scared_01": (1.6, "startle shrink -startle shrink"),
    "scared_02": (1.6, "shrink shake shrink look"),
    "scratch": (1.4, "scratch nod scratch shake"),
    "shovel": (1.8, "lift_low side_back chopped side_through"),
    "sing_01": (2.4, "mic sway mic -sway"),
    "sing_02": (2.4, "mic v_up mic sway"),
    "sing_03": (2.2, "-mic disco -mic -sway"),
    "sing_04": (2.6, "mic reach_out arms_up mic"),
    "sit": (2.8, "stand seated seated seated_lean seated"),
    "sob": (1.6, "sob face sob droop"),
    "standing_relax": (3.0, "sway breathe -sway breathe"),
    "surf": (2.0, "surf crouch surf sway"),
    "swim": (1.5, "stroke_left -stroke_left"),
    "victory_celebration": (1.8, "v_up air star crouch"),
    "volleyball": (1.6, "crouch air throw_through stand"),
    "wait": (3.0, "at_hips look at_hips breathe"),
    "wave_goodbye_01": (1.6, "wave_out wave_in wave_out wave_in"),
    "wave_goodbye_02": (1.8, "-wave_out -wave_in -wave_out stand"),
}


def motion(name: str) -> tuple[Floats, Floats]:
    """A person's clip: the times in seconds, and for each the numbers of its pose.

    Raises ``KeyError`` for a clip that is not in the library.
    """
    if name in GAITS:
        gait = GAITS[name]
        times = _times(gait.seconds)
        return times, _gait(gait, times / gait.seconds)
    seconds, way = WAYS[name]
    times = _times(seconds)
    stops = np.array([_pose(word).flat() for word in way.split()])
    if "whole" in way or "landing" in way:
        stops = np.vstack([stops, stops[-1]])  # ends turned round, which looks like the start
    else:
        stops = np.vstack([stops, stops[0]])
    return times, _between(stops, times / seconds)


def _times(seconds: float) -> Floats:
    return np.linspace(0, seconds, max(12, round(seconds * FRAMES_PER_SECOND)) + 1)


def _pose(word: str) -> Pose:
    return mirrored(POSES[word[1:]]) if word.startswith("-") else POSES[word]


def _between(stops: Floats, share: Floats) -> Floats:
    """From stop to stop, slow at each and quick between."""
    place = share * (len(stops) - 1)
    index = np.minimum(place.astype(int), len(stops) - 2)
    t = (place - index)[:, None]
    eased = t * t * (3 - 2 * t)
    return np.asarray(stops[index] * (1 - eased) + stops[index + 1] * eased)


def _gait(gait: Gait, share: Floats) -> Floats:
    """Left and right half a step apart; the knee bends while its leg comes forward."""
    return np.array([_stride(gait, phase).flat() for phase in share * 2 * np.pi])


def _stride(gait: Gait, phase: float) -> Pose:
    turn, roll = gait.sway * float(np.sin(phase)), 0.6 * gait.sway * float(np.cos(phase))
    return Pose(
        move=(0, -0.03 + gait.bounce * float(np.cos(2 * phase)), 0),
        hips=(0, turn, roll),
        spine=(gait.lean, -1.6 * turn, 0),
        head=(-0.5 * gait.lean, 0.6 * turn, 0),
        left_arm=_arm(gait, phase + np.pi),
        right_arm=_arm(gait, phase),
        left_leg=_leg(gait, phase),
        right_leg=_leg(gait, phase + np.pi),
    )


def _arm(gait: Gait, phase: float) -> tuple[float, float, float, float]:
    swing = gait.arms * float(np.sin(phase))
    return swing, 12.0, gait.elbow + 0.4 * max(swing, 0.0), 0.0


def _leg(gait: Gait, phase: float) -> tuple[float, float, float]:
    lifted = max(float(np.cos(phase)), 0.0) ** 1.5
    return gait.stride * float(np.sin(phase)) + 0.25 * gait.bend * lifted, 1.0, 5.0 + gait.bend * lifted


# Other bodies: joints' turns about X, Y and Z in degrees, for each moment between 0 and 1.

Turns = dict[str, Floats]


def _turns(x: Floats | float = 0.0, y: Floats | float = 0.0, z: Floats | float = 0.0) -> Floats:
    return np.stack(np.broadcast_arrays(x, y, z), axis=-1)


def four_legged_walk(share: Floats, joints: list[str]) -> Turns:
    """Diagonal pairs together, the head nodding, the tail wagging."""
    phase = share * 2 * np.pi
    turns: Turns = {}
    for leg, start in (("L_Front", 0.0), ("R_Hind", 0.25), ("R_Front", np.pi), ("L_Hind", np.pi + 0.25)):
        lifted = np.clip(np.cos(phase + start), 0, 1)
        fold = 38 * lifted * (1 if "Hind" in leg else -1)
        turns[f"{leg}Upper"] = _turns(-26 * np.sin(phase + start))
        turns[f"{leg}Lower"] = _turns(fold)
        turns[f"{leg}Foot"] = _turns(-0.6 * fold)
    turns |= {
        "Spine": _turns(2 * np.sin(2 * phase), 3 * np.sin(phase)),
        "Neck": _turns(5 * np.sin(2 * phase)),
        "Head": _turns(-3 * np.sin(2 * phase), 4 * np.sin(phase)),
        "Tail1": _turns(0, 22 * np.sin(2 * phase)),
        "Tail2": _turns(0, 18 * np.sin(2 * phase - 0.8)),
    }
    return {name: turn for name, turn in turns.items() if name in joints}


def many_legged_walk(share: Floats, joints: list[str]) -> Turns:
    """Every second leg together."""
    phase = share * 2 * np.pi
    turns: Turns = {"Abdomen": _turns(4 * np.sin(2 * phase)), "Head": _turns(0, 6 * np.sin(phase))}
    for name in joints:
        if not name.endswith(("Upper", "Lower")):
            continue
        side = 1.0 if name.startswith("L_") else -1.0
        number = int("".join(sign for sign in name if sign.isdigit()))
        beat = phase + np.pi * ((number + (side < 0)) % 2)
        lifted = np.clip(np.cos(beat), 0, 1)
        if name.endswith("Upper"):
            turns[name] = _turns(0, side * -18 * np.sin(beat), side * 16 * lifted)
        else:
            turns[name] = _turns(0, 0, side * -12 * lifted)
    return turns


def winding(share: Floats, joints: list[str]) -> Turns:
    """A wave that runs from head to tail and grows on its way."""
    phase = share * 2 * np.pi
    spine = [name for name in joints if name.startswith("Spine")]
    return {
        name: _turns(0, (6 + 10 * place / len(spine)) * np.sin(phase - place * 0.75))
        for place, name in enumerate(spine)
    }


OTHER_BODIES: Mapping[str, Callable[[Floats, list[str]], Turns]] = {
    "quadruped:walk": four_legged_walk,
    "hexapod:walk": many_legged_walk,
    "octopod:walk": many_legged_walk,
    "serpentine:march": winding,
    "aquatic:march": winding,
}
