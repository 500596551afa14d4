interface Burst {
  x: number
  y: number
  size: number
  colour: string
  rays: number
}

const BURSTS: readonly Burst[] = [
  { x: 52, y: 52, size: 42, colour: '#ff4f7b', rays: 14 },
  { x: 96, y: 34, size: 26, colour: '#6db8ff', rays: 10 },
  { x: 92, y: 90, size: 30, colour: '#ffc93c', rays: 12 },
  { x: 26, y: 102, size: 20, colour: '#a87bff', rays: 10 },
]

/** One burst of fireworks: rays that thin out, a spark at each end. */
export function FireworkBurst({ x, y, size, colour, rays }: Burst) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <circle r={size * 0.55} fill={colour} opacity="0.16" />
      {Array.from({ length: rays }, (_, at) => {
        const reach = size * (at % 2 === 0 ? 1 : 0.72)
        return (
          <g key={at} transform={`rotate(${(360 * at) / rays})`}>
            <path
              d={`M-1 ${-size * 0.22}L0 ${-reach}L1 ${-size * 0.22}Z`}
              fill={colour}
              stroke={colour}
              strokeWidth="1.6"
            />
            <circle cy={-reach} r={size * 0.07} fill="#fff" />
            <circle cy={-reach} r={size * 0.12} fill={colour} opacity="0.5" />
          </g>
        )
      })}
      <circle r={size * 0.13} fill="#fff" />
    </g>
  )
}

/** Fireworks. */
export function FireworksArt() {
  return (
    <g>
      {BURSTS.map((burst) => (
        <FireworkBurst key={burst.colour} {...burst} />
      ))}
    </g>
  )
}
