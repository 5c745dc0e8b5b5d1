"""Microphones and loudspeakers: files on the virtual clock, devices through PortAudio."""

from voicecoach.audio.devices import AudioUnavailable, Device, list_devices
from voicecoach.audio.duplex import Duplex, FileDuplex, Render, Sink, Source
from voicecoach.audio.files import (
    FileMicrophone,
    FileSpeaker,
    Recording,
    SilentMicrophone,
    SoundFileError,
    read_sound,
)
from voicecoach.audio.stream import DeviceDuplex

__all__ = [
    "AudioUnavailable",
    "Device",
    "DeviceDuplex",
    "Duplex",
    "FileDuplex",
    "FileMicrophone",
    "FileSpeaker",
    "Recording",
    "Render",
    "SilentMicrophone",
    "Sink",
    "SoundFileError",
    "Source",
    "list_devices",
    "read_sound",
]
