function Wheel({ x }: { x: number }) {
  return (
    <g transform={`translate(${x} 88)`}>
      <circle r="14.5" fill="url(#gp-rubber)" />
      <g className="gift-part--wheel">
        <circle r="9.5" fill="url(#gp-steel)" />
        {[0, 72, 144, 216, 288].map((turn) => (
          <path key={turn} d="M-1.6 0L-2.8 -9H2.800L1.6 0Z" transform={`rotate(${turn})`} fill="#4a5262" />
        ))}
        <circle r="2.6" fill="#f8315e" />
      </g>
    </g>
  )
}

/** A red sports car that drives to the right. */
export function SportsCarArt() {
  return (
    <g>
      <ellipse cx="64" cy="102" rx="58" ry="5" fill="#000" opacity="0.35" />
      <path d="M4 66L10 56L22 58L20 66Z" fill="#8f0a2e" />
      <path d="M6 55H24V58.500H6Z" fill="#5d0620" />
      <path
        d="M4 82C3 72 8 66 18 64C28 62 34 60 42 52C50 45 60 43 72 44C84 45 92 52 100 62C110 64 121 67 124 76C126 84 124 88 118 89H10C6 88 4.5 86 4 82Z"
        fill="url(#gp-coral)"
      />
      <path d="M46 60C52 52 58 49 66 49V62H42Z" fill="url(#gp-glass)" />
      <path d="M70 49C80 49 86 53 92 62H70Z" fill="url(#gp-glass)" />
      <path d="M48 60C53 53 57 51 61 50.500L54 61Z" fill="#fff" opacity="0.6" />
      <path d="M8 74C30 68 86 68 122 74" stroke="#fff" strokeWidth="2.4" opacity="0.55" fill="none" />
      <path d="M40 66L44 84H74L76 66" stroke="#8f0a2e" strokeWidth="1.3" fill="none" opacity="0.7" />
      <path d="M62 70H70" stroke="#ffd0da" strokeWidth="2.4" strokeLinecap="round" />
      <path d="M82 74L96 71L94 80H84Z" fill="#5d0620" opacity="0.8" />
      <path d="M112 71C118 71 122 73 123 77L111 76Z" fill="#fffbe0" />
      <path d="M4 74H12V79H4Z" fill="#ffce5a" />
      <path d="M14 89H112L108 93H18Z" fill="#23262f" />
      <Wheel x={30} />
      <Wheel x={98} />
    </g>
  )
}
