"""Meshy's library of actions by our clip names.

Every humanoid that Meshy rigs plays all of it. The numbers are Meshy's and have gaps; its
names are kept, in our spelling, but where a plain name says the same.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from providers.meshy.resources import NAME
from providers.redact import redacted
from providers.shapes import shaped

AT_ONCE = 10
"""The most actions of one call; they come as one file, in the order asked for."""
WITH_EVERY_RIG = ("walk", "run")
"""Made with a rig unasked, and free."""

# The best known first: they are what a member sees before typing.
_PLAIN: Mapping[str, int] = MappingProxyType(
    {
        "idle": 0,
        "walk": 30,
        "run": 14,
        "jump": 466,
        "dance_01": 22,
        "wave_goodbye_01": 28,
        "bow": 41,
        "cheer": 59,
    }
)

# Not among them are 39, 46 and 463, which show something else than they say.
_LIBRARY = """
0 Idle 1 Walking_Woman 2 Alert 3 Arise 4 Attack 5 BackLeft_run 6 BackRight_Run 7 BeHit_FlyUp 8 Dead
9 ForwardLeft_Run_Fight 10 ForwardRight_Run_Fight 11 Idle_02 12 Idle_03 13 Jump_Run 14 Run_02 15 Run_03
16 RunFast 17 Skill_01 18 Skill_02 19 Skill_03 20 Walk_Fight_Back 21 Walk_Fight_Forward 22 FunnyDancing_01
23 FunnyDancing_02 24 FunnyDancing_03 25 Agree_Gesture 26 Angry_Stomp 27 Big_Heart_Gesture 28 Big_Wave_Hello
29 Call_Gesture 30 Casual_Walk 31 Catching_Breath 32 Chair_Sit_Idle_F 33 Chair_Sit_Idle_M
34 Checkout_Gesture 35 Clapping_Run 36 Confused_Scratch 37 Discuss_While_Moving 38 Dozing_Elderly
40 Excited_Walk_M 41 Formal_Bow 42 Gentlemans_Bow 43 Handbag_Walk 44 Happy_jump_f 45 Indoor_Play
47 Listening_Gesture 48 Mirror_Viewing 49 Motivational_Cheer 50 Phone_Call_Gesture 51 Shouting_Angrily
52 Sit_to_Stand_Transition_F 53 Sit_to_Stand_Transition_M 54 Squat_Stance 55 Stage_Walk 56 Stand_and_Chat
57 Stand_to_Sit_Transition_M 58 Step_to_Sit_Transition 59 Victory_Cheer 60 Walk_to_Sit 61 happy_jump_m
62 penguin_walk 63 Arm_Circle_Shuffle 64 All_Night_Dance 65 Bass_Beats 66 Boom_Dance 67 Bubble_Dance
68 Cherish_Pop_Dance 69 Crystal_Beads 70 Cardio_Dance 71 Denim_Pop_Dance 72 Dont_You_Dare 73 Fast_Lightning
74 Gangnam_Groove 75 Indoor_Swing 76 Love_You_Pop_Dance 77 Magic_Genie 78 Not_Your_Mom 79 OMG_Groove
80 Pop_Dance_LSA2 81 Pod_Baby_Groove 82 Shake_It_Off_Dance 83 Superlove_Pop_Dance 84 You_Groove
85 Axe_Stance 86 Basic_Jump 87 Boxing_Practice 88 Chest_Pound_Taunt 89 Combat_Stance 90 Counterstrike
91 Double_Blade_Spin 92 Double_Combo_Attack 93 Dodge_and_Counter 94 Flying_Fist_Kick 95 Gun_Hold_Left_Turn
96 Kung_Fu_Punch 97 Left_Slash 98 Run_and_Shoot 99 Reaping_Swing 100 Rightward_Spin 101 Sword_Shout
102 Sword_Judgment 103 Simple_Kick 104 Side_Shot 105 Triple_Combo_Attack 106 Confident_Walk 111 Injured_Walk
125 Charged_Spell_Cast 126 Mage_Spell_Cast 127 Charged_Ground_Slam 128 Heavy_Hammer_Swing
129 Mage_Spell_Cast_0 130 Mage_Spell_Cast_3 131 Mage_Spell_Cast_2 132 Mage_Spell_Cast_5
133 Mage_Spell_Cast_4 135 Mage_Spell_Cast_6 136 Mage_Spell_Cast_7 137 Mage_Spell_Cast_8 138 Block 139 Block2
140 Block3 141 Block4 142 Block5 147 Sword_Parry 148 Sword_Parry_Backward 149 Two_Handed_Parry
156 Stand_Dodge 157 Roll_Dodge 159 Roll_Dodge_1 160 Roll_Dodge_2 176 Hit_Reaction 178 Hit_Reaction_1
188 Fall_Dead_from_Abdominal_Injury 189 dying_backwards 198 Punch_Combo 199 Weapon_Combo 202 Weapon_Combo_1
219 Right_Hand_Sword_Slash 220 Shield_Push_Left 221 Charged_Upward_Slash 237 Charged_Axe_Chop
238 Axe_Spin_Attack 240 Thrust_Slash 241 Weapon_Combo_2 242 Charged_Slash 308 Talk_Passionately
327 kettlebell_swing 335 Axe_Breathe_and_Look_Around 377 Relax_Arms_Then_Strike_Battle_Pose
382 Jump_and_Slam_Back_Down 384 Quick_Step_and_Spin_Dodge 401 Sprint_Roll_and_Flip 403 Victory_Fist_Pump
452 Backflip 455 Sweep_Kick 456 Jumping_Head_Scissor_Takedown 457 Jumping_Punch 458 Unicycle_Jump_Dismount
459 Run_Jump_and_Roll 460 Jump_with_Arms_Open 461 Jump_with_Arms_and_Legs_Open 462 Backflip_Jump
464 Leap_and_Punch 465 Leap_Right_and_Catch 466 Regular_Jump 467 Jump_Over_Obstacle_2 468 Back_Jump
470 Jumping_Down 471 Jump_Over_Obstacle 472 Jump_Over_Obstacle_1 473 Quad_Jump_Left 474 Quad_Jump_Up
475 Quad_Climb_Right 476 Hang_and_Push_with_Foot 477 Rope_Hang_Idle 478 Bar_Hang_Idle 490 Fall_Down
509 Lean_Forward_Sprint 510 Standard_Forward_Charge 544 Walk_Backward 559 Sneaky_Walk 672 Spear_Walk_inplace
688 Walk_Fight_Back_inplace
""".split()  # noqa: SIM905 -- two hundred pairs read better as words


def _in_our_spelling(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|\W", "_", name).lower()


_NAMES: Mapping[int, str] = MappingProxyType(
    {int(number): _in_our_spelling(name) for number, name in zip(_LIBRARY[::2], _LIBRARY[1::2], strict=True)}
)
_OTHERS = {name: number for number, name in _NAMES.items() if number not in _PLAIN.values()}

ACTIONS: Mapping[str, int] = MappingProxyType({**_PLAIN, **_OTHERS})
"""Clip name to Meshy's number; no number twice, so that the order of clips tells which is which."""


class Action(BaseModel):
    """A row of Meshy's own list of the library."""

    action_id: int
    name: str


class Library(BaseModel):
    """That list."""

    rows: list[Action]


def renumbered(data: Any) -> list[str]:
    """Clips of ours whose numbers mean something else by now, each in words for the owner.

    Raises ``ContractChanged`` for a list that cannot be read; it comes bare or wrapped.
    """
    rows = data.get("result") if isinstance(data, Mapping) else data
    theirs = {row.action_id: row.name for row in shaped(NAME, Library, {"rows": rows}).rows}
    return [
        f"the clip {clip} (number {number}) is called {redacted(theirs[number])} at Meshy now"
        for clip, number in ACTIONS.items()
        if number in theirs and _in_our_spelling(theirs[number]) != _NAMES[number]
    ]
