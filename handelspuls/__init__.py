"""The front door: settings, logging and the command line; it wires the rest and holds no logic."""
