/** A jet that flies to the right. */
export function PlaneArt() {
  return (
    <g>
      <path d="M56 58L34 24H46L84 56Z" fill="url(#gp-steel)" stroke="#7c8aa5" strokeWidth="0.8" />
      <path d="M16 60L4 32H18L38 58Z" fill="url(#gp-coral)" />
      <path
        d="M6 62C20 54 80 50 100 54C114 56 124 64 124 70C124 76 110 79 94 79H36C22 78 10 72 6 62Z"
        fill="url(#gp-steel)"
      />
      <path d="M7 63C22 72 60 74 123 71C121 76 108 79 94 79H36C22 78 11 72 7 63Z" fill="url(#gp-ball-blue)" />
      <path d="M102 57C110 58 116 61 119 65L104 65Z" fill="url(#gp-night)" />
      {[40, 50, 60, 70, 80, 90].map((x) => (
        <rect key={x} x={x} y="60" width="6" height="7" rx="3" fill="url(#gp-night)" />
      ))}
      <path d="M18 66L2 78H14L32 70Z" fill="url(#gp-coral)" />
      <path d="M74 72L40 110H54L94 74Z" fill="url(#gp-steel)" stroke="#7c8aa5" strokeWidth="0.8" />
      <g>
        <rect x="54" y="84" width="26" height="11" rx="5.5" fill="url(#gp-steel)" />
        <ellipse cx="79" cy="89.5" rx="3" ry="5" fill="url(#gp-night)" />
      </g>
      <path d="M22 58C50 53 84 52 104 56" stroke="#fff" strokeWidth="2.5" strokeLinecap="round" fill="none" />
    </g>
  )
}
