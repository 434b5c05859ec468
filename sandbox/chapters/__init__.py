"""What the tour plays, scene by scene. A scene's docstring is its title."""
