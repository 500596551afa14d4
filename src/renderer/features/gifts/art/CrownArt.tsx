/** A crown with jewels. */
export function CrownArt() {
  return (
    <g>
      <path d="M24 78C30 54 98 54 104 78L100 92H28Z" fill="url(#gp-petal-deep)" />
      <path
        d="M10 44C22 60 30 60 36 34C44 58 54 56 64 22C74 56 84 58 92 34C98 60 106 60 118 44L106 98H22Z"
        fill="url(#gp-gold)"
        stroke="#b86407"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      <path d="M22 98L10 44C20 58 28 60 33 44L42 98Z" fill="#fff" opacity="0.22" />
      <path d="M20 88H108L105 108C90 114 38 114 23 108Z" fill="url(#gp-gold-deep)" />
      <path d="M20 88C44 95 84 95 108 88L107 94C84 101 44 101 21 94Z" fill="#ffe796" opacity="0.8" />
      {[
        [10, 42, 6],
        [36, 31, 7],
        [64, 19, 9],
        [92, 31, 7],
        [118, 42, 6],
      ].map(([x, y, r]) => (
        <circle key={x} cx={x} cy={y} r={r} fill="url(#gp-ball-pearl)" />
      ))}
      <path d="M64 60L75 74L64 88L53 74Z" fill="url(#gp-ball-red)" />
      <path d="M64 60L75 74H53Z" fill="#fff" opacity="0.35" />
      <ellipse cx="38" cy="78" rx="6" ry="7" fill="url(#gp-ball-blue)" />
      <ellipse cx="90" cy="78" rx="6" ry="7" fill="url(#gp-ball-blue)" />
      {[34, 49, 64, 79, 94].map((x) => (
        <circle key={x} cx={x} cy="103" r="4" fill={x === 64 ? 'url(#gp-ball-red)' : 'url(#gp-ball-violet)'} />
      ))}
    </g>
  )
}
