"""People: their sign-in across towns, what a town knows of them, their children, staff and their roles."""
