"""Microphones and loudspeakers: files on the virtual clock, devices through PortAudio."""

from voicecoach.audio.device_duplex import DeviceDuplex
from voicecoach.audio.devices import AudioUnavailable, Device, is_there, list_devices
from voicecoach.audio.duplex import Duplex, FileDuplex, Playback, Sink, Source
from voicecoach.audio.files import (
    FileMicrophone,
    FileSpeaker,
    Recording,
    SilentMicrophone,
    SoundFileError,
    Unhurried,
    read_sound,
)
from voicecoach.audio.meter import Level, Meter
from voicecoach.audio.pulse import Devices, LoudspeakerPulse, MicrophonePulse
from voicecoach.audio.wiring import Wiring, WiringWatch

__all__ = [
    "AudioUnavailable",
    "Device",
    "DeviceDuplex",
    "Devices",
    "Duplex",
    "FileDuplex",
    "FileMicrophone",
    "FileSpeaker",
    "Level",
    "LoudspeakerPulse",
    "Meter",
    "MicrophonePulse",
    "Playback",
    "Recording",
    "SilentMicrophone",
    "Sink",
    "SoundFileError",
    "Source",
    "Unhurried",
    "Wiring",
    "WiringWatch",
    "is_there",
    "list_devices",
    "read_sound",
]
