"""The page: a face for the coach in the user's own browser, served on the loopback interface.

A process of its own, so that nothing in it can disturb a session: it watches the session through its door
(`voicecoach.control`) and gives commands through it, as any other program of the user may. Between sessions
it shows the programs, the history, the profile and the settings, and starts sessions as processes.
"""
