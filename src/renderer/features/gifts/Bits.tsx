interface BitsProps {
  kind: 'heart' | 'spark' | 'petal' | 'confetti' | 'puff' | 'star'
  count: number
}

/** Evenly spread, without chance: equal gifts look equal everywhere (golden ratio sequence). */
const spread = (at: number, step: number): number => (at * step) % 1

/** Small pieces that fly out of a gift; each has its own direction, reach and delay as style properties. */
export function Bits({ kind, count }: BitsProps) {
  return (
    <span className={`gift-bits gift-bits--${kind}`}>
      {Array.from({ length: count }, (_, at) => (
        <i
          key={at}
          style={{
            '--turn': `${(360 * (at + spread(at, 0.618))) / count}deg`,
            '--reach': `${55 + Math.round(60 * spread(at, 0.754))}%`,
            '--delay': `${Math.round(350 * spread(at, 0.569))}ms`,
            '--across': `${Math.round(100 * spread(at, 0.618))}%`,
            '--hue': `${Math.round(360 * spread(at, 0.382))}`,
          }}
        />
      ))}
    </span>
  )
}
