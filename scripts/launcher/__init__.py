"""What scripts/voicecoach needs before there is an environment: standard library only."""
