// Moves a drawing made by svg.py from key frame to key frame.

const LEAST = 0.02; // an angle below which an arc would vanish, because one disc lies in the other
const LOOP_MS = { least: 600, most: 2000 };
const states = new WeakMap();

// Eases `svg` to its key frame for `phase`: "start", "hold", "in", "out" or "loop"; another one is the start.
// `cycle`: the number of the breath or round, for movements that change sides. A loop goes on by itself until
// the next call. Who asked for less motion sees each key frame at once.
export function pose(svg, phase, cycle = 0, durationMs = 900) {
  const state = stateOf(svg);
  const found = frames(state, phase);
  if (phase === "loop" && found.length && state.looping) return;
  stop(state);
  const at = (round) => found[((round % found.length) + found.length) % found.length] ?? 0;
  if (phase !== "loop" || !found.length || isStill()) {
    move(svg, state, at(cycle), durationMs);
    return;
  }
  state.looping = true;
  const roundMs = Math.min(Math.max(durationMs, LOOP_MS.least), LOOP_MS.most);
  const next = (round) => move(svg, state, at(round), roundMs, () => next(round + 1));
  next(cycle);
}

function stateOf(svg) {
  if (!states.has(svg)) {
    const data = JSON.parse(svg.dataset.frames);
    states.set(svg, { data, frame: 0, at: data.frames[0].at, request: 0, looping: false });
  }
  return states.get(svg);
}

function frames(state, phase) {
  return state.data.frames.flatMap((frame, i) => (frame.phase === phase ? [i] : []));
}

function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function stop(state) {
  cancelAnimationFrame(state.request);
  state.looping = false;
}

function move(svg, state, target, durationMs, then = () => {}) {
  const stops = [state.at, ...way(state, target), state.data.frames[target].at];
  for (const arrow of svg.querySelectorAll(".arrow")) {
    arrow.setAttribute("visibility", Number(arrow.dataset.frame) === target ? "visible" : "hidden");
  }
  if (isStill() || !(durationMs > 0)) {
    arrive(svg, state, target);
    return;
  }
  state.frame = null; // until it arrives it is in none
  let begun = null;
  const step = (now) => {
    begun ??= now;
    const part = Math.min((now - begun) / durationMs, 1);
    if (part === 1) {
      arrive(svg, state, target);
      then();
      return;
    }
    draw(svg, state, between(stops, part * part * (3 - 2 * part)));
    state.request = requestAnimationFrame(step);
  };
  state.request = requestAnimationFrame(step);
}

function arrive(svg, state, target) {
  state.frame = target;
  draw(svg, state, state.data.frames[target].at);
}

// The poses on the way, so that limbs keep their lengths; none if the drawing is between two frames.
function way(state, target) {
  const { ways } = state.data;
  return ways[`${state.frame}-${target}`] ?? ways[`${target}-${state.frame}`]?.toReversed() ?? [];
}

function between(stops, part) {
  const place = part * (stops.length - 1);
  const i = Math.min(Math.floor(place), stops.length - 2);
  return stops[i].map((value, k) => value + (place - i) * (stops[i + 1][k] - value));
}

function draw(svg, state, at) {
  state.at = at;
  let begins = 0;
  const groups = svg.querySelectorAll(".part");
  state.data.parts.forEach(({ radii, links }, i) => {
    const point = (k) => [at[begins + 2 * k], at[begins + 2 * k + 1]];
    const data = links.map(([a, b]) => bone(point(a), point(b), radii[a], radii[b])).join("");
    for (const path of groups[i].children) path.setAttribute("d", data);
    begins += 2 * radii.length;
  });
}

// As in outline.py.
function bone(a, b, aRadius, bRadius) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const towards = Math.atan2(dy, dx);
  const slope = (aRadius - bRadius) / Math.max(Math.hypot(dx, dy), 1e-6);
  const touching = Math.acos(Math.max(-1, Math.min(1, slope)));
  const opening = Math.min(Math.max(touching, LEAST), Math.PI - LEAST);
  const on = ([x, y], radius, angle) =>
    `${(x + radius * Math.cos(angle)).toFixed(1)} ${(y + radius * Math.sin(angle)).toFixed(1)}`;
  const [one, other] = [towards + opening, towards - opening];
  const [roundB, roundA] = [Number(opening > Math.PI / 2), Number(opening < Math.PI / 2)];
  return (
    `M${on(a, aRadius, one)}L${on(b, bRadius, one)}` +
    `A${bRadius} ${bRadius} 0 ${roundB} 0 ${on(b, bRadius, other)}` +
    `L${on(a, aRadius, other)}A${aRadius} ${aRadius} 0 ${roundA} 0 ${on(a, aRadius, one)}Z`
  );
}
