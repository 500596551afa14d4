/** A cake with candles. */
export function CakeArt() {
  return (
    <g>
      <ellipse cx="64" cy="114" rx="56" ry="10" fill="url(#gp-steel)" />
      <path d="M16 78H112V106C112 116 16 116 16 106Z" fill="url(#gp-choco)" />
      <path d="M16 92C40 99 88 99 112 92V99C88 106 40 106 16 99Z" fill="#ffd9e4" opacity="0.9" />
      <path
        d="M14 80C14 66 114 66 114 80C114 90 107 90 105 83C102 96 92 96 90 85C87 98 76 98 74 86C71 100 58 100 55 86C52 97 42 97 39 85C36 95 27 94 24 83C22 90 14 90 14 80Z"
        fill="url(#gp-cream)"
      />
      <path d="M32 50H96V74C96 82 32 82 32 74Z" fill="url(#gp-roof)" />
      <path
        d="M30 52C30 40 98 40 98 52C98 60 92 60 90 55C88 66 80 66 78 57C75 67 66 67 64 57C62 67 52 67 50 57C48 66 40 66 38 55C36 60 30 60 30 52Z"
        fill="url(#gp-cream)"
      />
      {[
        [44, 'ball-blue'],
        [64, 'ball-gold'],
        [84, 'ball-violet'],
      ].map(([x, paint]) => (
        <g key={x} transform={`translate(${x} 0)`}>
          <rect x="-4" y="24" width="8" height="24" rx="3" fill={`url(#gp-${paint})`} />
          <path d="M-4 30L4 26M-4 37L4 33M-4 44L4 40" stroke="#fff" strokeWidth="2" opacity="0.7" />
          <g className="gift-part--flame">
            <circle cx="0" cy="14" r="13" fill="url(#gp-glow)" />
            <path d="M0 3C7 11 6 22 0 22C-6 22 -7 11 0 3Z" fill="url(#gp-flame)" />
          </g>
        </g>
      ))}
      {[26, 46, 82, 102].map((x) => (
        <circle key={x} cx={x} cy="72" r="6" fill="url(#gp-ball-red)" />
      ))}
    </g>
  )
}
