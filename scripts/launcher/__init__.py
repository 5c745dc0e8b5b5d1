"""The parts of scripts/voicecoach that run before there is an environment: standard library only."""
