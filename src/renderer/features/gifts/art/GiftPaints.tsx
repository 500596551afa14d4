type Stops = readonly (readonly [offset: number, colour: string])[]

/** From top to bottom. */
const DOWN: Record<string, Stops> = {
  gold: [
    [0, '#fff6c4'],
    [0.28, '#ffd95a'],
    [0.62, '#f7a823'],
    [1, '#c96a0a'],
  ],
  'gold-deep': [
    [0, '#f3a72a'],
    [1, '#8f4705'],
  ],
  leaf: [
    [0, '#7fe07d'],
    [1, '#1f8a45'],
  ],
  steel: [
    [0, '#ffffff'],
    [0.45, '#dfe6f1'],
    [1, '#93a1b8'],
  ],
  night: [
    [0, '#42507a'],
    [1, '#141a33'],
  ],
  glass: [
    [0, '#d9f4ff'],
    [0.5, '#7cc5f2'],
    [1, '#2b6fb0'],
  ],
  sea: [
    [0, '#4cc3f7'],
    [1, '#0a56a8'],
  ],
  skin: [
    [0, '#ffe49a'],
    [0.55, '#ffc64d'],
    [1, '#e8951c'],
  ],
  cream: [
    [0, '#ffffff'],
    [1, '#ffe3d3'],
  ],
  choco: [
    [0, '#a5643a'],
    [1, '#5b2b15'],
  ],
  coral: [
    [0, '#ff8aa5'],
    [0.5, '#f8315e'],
    [1, '#a90c3c'],
  ],
  violet: [
    [0, '#d9b8ff'],
    [0.5, '#9457f2'],
    [1, '#4f1fae'],
  ],
  lilac: [
    [0, '#f7ecff'],
    [1, '#c9a4f6'],
  ],
  roof: [
    [0, '#ff8ac2'],
    [1, '#b81f78'],
  ],
  flame: [
    [0, '#fff7c2'],
    [0.35, '#ffc531'],
    [0.75, '#ff6a1f'],
    [1, '#e3264f'],
  ],
}

/** From a light on the upper left outward. */
const ROUND: Record<string, Stops> = {
  'ball-red': [
    [0, '#ffd0da'],
    [0.25, '#ff6c8b'],
    [0.65, '#ec1f4d'],
    [1, '#8f0a2e'],
  ],
  'ball-blue': [
    [0, '#dcefff'],
    [0.25, '#73b6ff'],
    [0.65, '#2b74ee'],
    [1, '#123a92'],
  ],
  'ball-gold': [
    [0, '#fff9d6'],
    [0.25, '#ffde6a'],
    [0.65, '#f5a51f'],
    [1, '#ab5c06'],
  ],
  'ball-violet': [
    [0, '#f0e0ff'],
    [0.25, '#bb8bff'],
    [0.65, '#7f3df0'],
    [1, '#411599'],
  ],
  'ball-pearl': [
    [0, '#ffffff'],
    [0.6, '#f1ecf7'],
    [1, '#b8a9cc'],
  ],
  petal: [
    [0, '#ff9bb0'],
    [0.4, '#f2365f'],
    [1, '#9c0b36'],
  ],
  'petal-deep': [
    [0, '#e02a54'],
    [1, '#6d0526'],
  ],
  glow: [
    [0, '#fffbe0'],
    [0.35, '#ffe48acc'],
    [1, '#ffd24a00'],
  ],
  rubber: [
    [0, '#5a6072'],
    [0.7, '#23262f'],
    [1, '#0d0e12'],
  ],
}

/**
 * Colours that the drawings share: once in the document, and outside of what is ever hidden. References go to the first
 * element of an id, and colours below `display: none` paint nothing.
 */
export function GiftPaints() {
  const stops = (list: Stops) =>
    list.map(([offset, colour]) => <stop key={offset} offset={offset} stopColor={colour} />)
  return (
    <svg className="gift-paints" width="0" height="0" aria-hidden="true" style={{ position: 'absolute' }}>
      <defs>
        {Object.entries(DOWN).map(([name, list]) => (
          <linearGradient key={name} id={`gp-${name}`} x1="0" y1="0" x2="0" y2="1">
            {stops(list)}
          </linearGradient>
        ))}
        {Object.entries(ROUND).map(([name, list]) => (
          <radialGradient
            key={name}
            id={`gp-${name}`}
            {...(name === 'glow' ? { cx: 0.5, cy: 0.5, r: 0.5 } : { cx: 0.36, cy: 0.28, r: 0.78 })}
          >
            {stops(list)}
          </radialGradient>
        ))}
      </defs>
    </svg>
  )
}
