"""The annotation tool: a project's file, what gestures do to it, and masks that are proposed. No torch is loaded."""
