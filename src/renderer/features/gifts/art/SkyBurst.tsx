const RAYS = 26

/** A burst in the night sky: fine rays in three lengths, a spark at the end of each. */
export function SkyBurst({ colour }: { colour: string }) {
  return (
    <svg className="sky-burst" viewBox="-64 -64 128 128" aria-hidden="true">
      <circle r="50" fill={colour} opacity="0.12" />
      <circle r="24" fill={colour} opacity="0.16" />
      {Array.from({ length: RAYS }, (_, at) => {
        const reach = [60, 44, 52][at % 3]!
        return (
          <g key={at} transform={`rotate(${(360 * at) / RAYS})`}>
            <path d={`M0 -12L-0.9 ${-reach}H0.9Z`} fill={colour} />
            <path d={`M0 ${-reach * 0.55}L-0.5 ${-reach}H0.5Z`} fill="#fff" />
            <circle cy={-reach} r={at % 3 === 0 ? 1.9 : 1.4} fill="#fff" />
          </g>
        )
      })}
      <circle r="5" fill="#fff" opacity="0.9" />
    </svg>
  )
}
