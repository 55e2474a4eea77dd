"""Find infrared small targets, starting from one click per target."""
