"""Finishes that several plans share."""

from sandbox.shapes.texture import Paint

EYE = Paint(colour=(0.05, 0.04, 0.06), roughness=0.12)
WHITE = Paint(colour=(0.96, 0.95, 0.92), roughness=0.3)
GLOW = Paint(colour=(0.55, 0.95, 1.0), pattern="glow", roughness=0.2)
SKIN = Paint(colour=(0.87, 0.66, 0.52), roughness=0.65)
STEEL = Paint(colour=(0.62, 0.65, 0.7), pattern="plates", metallic=0.85, roughness=0.38)
HORN = Paint(colour=(0.9, 0.82, 0.62), pattern="stone", roughness=0.5)
LEATHER = Paint(colour=(0.36, 0.22, 0.14), pattern="stone", roughness=0.75)
DARK = Paint(colour=(0.1, 0.1, 0.12), roughness=0.4)
CLOTH = Paint(colour=(0.62, 0.13, 0.16), pattern="cloth", roughness=0.9)
BEAK = Paint(colour=(0.93, 0.6, 0.16), roughness=0.45)
WOOD = Paint(colour=(0.55, 0.36, 0.2), pattern="planks", roughness=0.8)
IRON = Paint(colour=(0.33, 0.34, 0.37), pattern="metal", metallic=0.85, roughness=0.5)
GOLD = Paint(colour=(0.95, 0.74, 0.24), pattern="metal", metallic=1.0, roughness=0.28)
STONE = Paint(colour=(0.62, 0.6, 0.57), pattern="bricks", roughness=0.95)
BARK = Paint(colour=(0.4, 0.28, 0.19), pattern="wood", roughness=0.9)
WARM = Paint(colour=(1.0, 0.82, 0.45), pattern="glow", roughness=0.2)
FUR = Paint(colour=(0.78, 0.5, 0.24), pattern="fur", roughness=0.95)
PALE = Paint(colour=(0.95, 0.89, 0.78), pattern="fur", roughness=0.95)
