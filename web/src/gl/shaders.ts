export const VERTEX = `#version 300 es
void main() {
  vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

// The largest count under a device pixel is kept when the image is shrunk: a one-pixel target must not fall between samples.
// Outlines lie on pixel edges: coloured inside, black outside.
export const FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
uniform usampler2D counts;
uniform usampler2D labels;
uniform sampler2D palette;
uniform vec2 corner;     // device pixels of the view's left top corner; y grows downwards
uniform float surface;   // height of the canvas
uniform vec2 start;      // (col, row) at that corner
uniform float scale;
uniform vec2 range;
uniform float gamma;
uniform float outline;
uniform uint selected;
uniform vec3 colours[7];
out vec4 colour;

uint labelAt(ivec2 p, ivec2 size) {
  if (p.x < 0 || p.y < 0 || p.x >= size.x || p.y >= size.y) return 0u;
  return texelFetch(labels, p, 0).r;
}

float countAt(vec2 place, ivec2 size) {
  ivec2 first = ivec2(floor(place));
  int reach = int(clamp(ceil(1.0 / scale), 1.0, 4.0));
  uint most = 0u;
  for (int y = 0; y < reach; y++)
    for (int x = 0; x < reach; x++)
      most = max(most, texelFetch(counts, min(first + ivec2(x, y), size - 1), 0).r);
  return float(most);
}

vec3 colourOf(uint label) {
  return (label & 31u) == selected ? colours[0] : colours[int(label >> 5u)];
}

vec3 marked(vec3 base, vec2 place, ivec2 size) {
  ivec2 p = ivec2(floor(place));
  vec2 inside = (place - vec2(p)) * scale;
  uint here = labelAt(p, size);
  vec3 shade = here == 0u ? base : mix(base, colourOf(here), 0.25);
  ivec2 steps[4] = ivec2[4](ivec2(-1, 0), ivec2(1, 0), ivec2(0, -1), ivec2(0, 1));
  float gaps[4] = float[4](inside.x, scale - inside.x, inside.y, scale - inside.y);
  for (int i = 0; i < 4; i++) {
    uint beside = labelAt(p + steps[i], size);
    if (beside == here || gaps[i] >= outline) continue;
    if (here != 0u) return colourOf(here);
    shade = vec3(0.0);
  }
  return shade;
}

void main() {
  vec2 at = vec2(gl_FragCoord.x, surface - gl_FragCoord.y) - corner;
  vec2 place = start + at / scale;
  ivec2 size = textureSize(counts, 0);
  if (place.x < 0.0 || place.y < 0.0 || place.x >= float(size.x) || place.y >= float(size.y)) {
    colour = vec4(0.035, 0.047, 0.059, 1.0);
    return;
  }
  float level = clamp((countAt(place, size) - range.x) / max(1.0, range.y - range.x), 0.0, 1.0);
  vec3 base = texelFetch(palette, ivec2(int(pow(level, gamma) * 255.0 + 0.5), 0), 0).rgb;
  colour = vec4(outline > 0.0 ? marked(base, place, size) : base, 1.0);
}`;
