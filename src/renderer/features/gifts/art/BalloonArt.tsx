const BALLOONS = [
  { paint: 'ball-blue', x: 34, y: 46, turn: -12 },
  { paint: 'ball-gold', x: 94, y: 48, turn: 12 },
  { paint: 'ball-red', x: 64, y: 36, turn: 0 },
] as const

/** Three balloons on their strings. */
export function BalloonArt() {
  return (
    <g>
      <g fill="none" stroke="#ffffffb0" strokeWidth="1.6">
        <path d="M34 74C38 96 58 100 64 124" />
        <path d="M94 76C90 96 70 100 64 124" />
        <path d="M64 66C60 86 68 100 64 124" />
      </g>
      {BALLOONS.map(({ paint, x, y, turn }) => (
        <g key={paint} transform={`translate(${x} ${y}) rotate(${turn})`}>
          <path d="M-4 33L0 27L4 33Z" fill={`url(#gp-${paint})`} />
          <path
            d="M0 -34C20 -34 26 -18 25 -6C24 10 12 28 0 29C-12 28 -24 10 -25 -6C-26 -18 -20 -34 0 -34Z"
            fill={`url(#gp-${paint})`}
          />
          <ellipse cx="-10" cy="-16" rx="5" ry="9" transform="rotate(24 -10 -16)" fill="#fff" opacity="0.75" />
        </g>
      ))}
      <path
        d="M58 116C50 110 50 122 64 118C78 122 78 110 70 116C78 128 66 124 64 120C62 124 50 128 58 116Z"
        fill="url(#gp-coral)"
      />
    </g>
  )
}
