/** A rocket that stands upright. */
export function RocketArt() {
  return (
    <g>
      <g className="gift-part--jet">
        <path d="M50 98C46 112 58 118 64 128C70 118 82 112 78 98Z" fill="url(#gp-flame)" />
        <path d="M57 98C55 106 61 110 64 117C67 110 73 106 71 98Z" fill="#fff7c2" />
      </g>
      <path d="M42 64C28 72 24 88 26 102L46 92Z" fill="url(#gp-coral)" />
      <path d="M86 64C100 72 104 88 102 102L82 92Z" fill="url(#gp-coral)" />
      <path
        d="M64 4C84 20 92 44 90 66C89 80 84 92 80 98H48C44 92 39 80 38 66C36 44 44 20 64 4Z"
        fill="url(#gp-steel)"
      />
      <path
        d="M64 4C50 20 44 44 46 66C47 80 50 92 54 98H48C44 92 39 80 38 66C36 44 44 20 64 4Z"
        fill="#fff"
        opacity="0.75"
      />
      <path d="M64 4C73 11 80 20 84.5 31H43.500C48 20 55 11 64 4Z" fill="url(#gp-coral)" />
      <circle cx="64" cy="54" r="14" fill="url(#gp-gold)" />
      <circle cx="64" cy="54" r="10" fill="url(#gp-glass)" />
      <path d="M57 51C59 46 64 45 67 46" stroke="#fff" strokeWidth="3" strokeLinecap="round" fill="none" />
      <path d="M60 74H68V106C68 110 60 110 60 106Z" fill="url(#gp-coral)" />
      <path d="M46 92H82L79 99H49Z" fill="url(#gp-night)" />
    </g>
  )
}
