const corner = (at: number, radius: number): string => {
  const angle = (at * Math.PI) / 5 - Math.PI / 2
  return `${(64 + radius * Math.cos(angle)).toFixed(1)} ${(66 + radius * Math.sin(angle)).toFixed(1)}`
}
const OUTLINE = Array.from({ length: 10 }, (_, at) => corner(at, at % 2 === 0 ? 52 : 25)).join('L')
/** The halves of the points that lie in the shade. */
const SHADES = [0, 2, 4, 6, 8].map((at) => `M64 66L${corner(at, 52)}L${corner(at + 1, 25)}Z`).join('')

/** A faceted star. */
export function StarArt() {
  return (
    <g strokeLinejoin="round">
      <path d={`M${OUTLINE}Z`} fill="url(#gp-gold)" stroke="#e08a12" strokeWidth="9" />
      <path d={`M${OUTLINE}Z`} fill="url(#gp-gold)" stroke="#ffd95a" strokeWidth="5" />
      <path d={SHADES} fill="#d97a08" opacity="0.42" />
      <path
        d="M50 46C52 36 58 26 63 22"
        stroke="#fff"
        strokeWidth="5"
        strokeLinecap="round"
        fill="none"
        opacity="0.85"
      />
      <path d="M96 20L99 29L108 32L99 35L96 44L93 35L84 32L93 29Z" fill="#fff" className="gift-part--twinkle" />
      <path d="M26 86L28 92L34 94L28 96L26 102L24 96L18 94L24 92Z" fill="#fff" className="gift-part--twinkle" />
    </g>
  )
}
