#!/bin/bash
# A virtual sound card for tests without hardware (PulseAudio 16; works as root in a container).
#   virtual_audio.sh start|stop|status      virtual_audio.sh echo -12 60 | echo off
# speaker = null sink, takes the program's output    -> record it with: parec -d speaker.monitor
# mic     = null sink, its monitor is the default source -> speak to the program: paplay --device=mic x.wav
# `start` prints what callers must export; it is also in the file "env" below VA_DIR.
set -eu
export XDG_RUNTIME_DIR=${VA_DIR:-${TMPDIR:-/var/tmp}/virtual-audio}
mkdir -p -m 700 "$XDG_RUNTIME_DIR"
export PULSE_RUNTIME_PATH=$XDG_RUNTIME_DIR/pulse PULSE_STATE_PATH=$XDG_RUNTIME_DIR/state
export PULSE_SERVER=unix:$PULSE_RUNTIME_PATH/native PULSE_COOKIE=$XDG_RUNTIME_DIR/cookie
export HOME=$XDG_RUNTIME_DIR
RATE=${VA_RATE:-48000}

start() {
  mkdir -p "$PULSE_RUNTIME_PATH" "$PULSE_STATE_PATH"
  # ALSA "default" -> pulse (needs libasound2-plugins); only for processes with this ALSA_CONFIG_PATH
  printf 'pcm.!default { type pulse }\nctl.!default { type pulse }\n' > "$HOME/.asoundrc"
  cat > "$XDG_RUNTIME_DIR/va.pa" <<PA
load-module module-native-protocol-unix auth-anonymous=1 socket=$PULSE_RUNTIME_PATH/native
load-module module-null-sink sink_name=speaker norewinds=1 rate=$RATE channels=1 sink_properties=device.description=speaker
load-module module-null-sink sink_name=mic norewinds=1 rate=$RATE channels=1 sink_properties=device.description=mic
set-default-sink speaker
set-default-source mic.monitor
PA
  pulseaudio -n -F "$XDG_RUNTIME_DIR/va.pa" --daemonize=no --exit-idle-time=-1 --use-pid-file=no \
    --disallow-exit --log-target=file:"$XDG_RUNTIME_DIR/pulse.log" --realtime=no --high-priority=no \
    </dev/null >/dev/null 2>&1 &
  echo $! > "$XDG_RUNTIME_DIR/pid"
  for _ in $(seq 50); do pactl info >/dev/null 2>&1 && break; sleep .1; done
  if ! pactl info | grep -E 'Server Name|Default' >&2; then
    echo "The virtual sound card did not start; see $XDG_RUNTIME_DIR/pulse.log" >&2
    exit 1
  fi
  cat <<ENV | tee "$XDG_RUNTIME_DIR/env"
export PULSE_SERVER=$PULSE_SERVER PULSE_COOKIE=$PULSE_COOKIE XDG_RUNTIME_DIR=$XDG_RUNTIME_DIR
export ALSA_CONFIG_PATH=/usr/share/alsa/alsa.conf:$HOME/.asoundrc
ENV
}

echo_path() { # the loudspeaker is heard by the microphone: gain in dB, extra latency in ms
  for module in $(pactl list short modules | awk '/module-loopback/{print $1}'); do
    pactl unload-module "$module"
  done
  [ "${1:-off}" = off ] && return 0
  pactl load-module module-loopback source=speaker.monitor sink=mic latency_msec="${2:-60}" \
    source_dont_move=true sink_dont_move=true adjust_time=0 >/dev/null
  input=$(pactl list short sink-inputs | tail -1 | awk '{print $1}')
  pactl set-sink-input-volume "$input" "${1}dB"
}

status() {
  for what in modules sinks sources sink-inputs; do pactl list short "$what"; done
}

case ${1:-start} in
  start) start ;;
  stop) kill "$(cat "$XDG_RUNTIME_DIR/pid")" && rm -f "$XDG_RUNTIME_DIR/pid" ;;
  status) status ;;
  echo) shift; echo_path "$@" ;;
  *) sed -n '3p' "$0" >&2; exit 2 ;;
esac
