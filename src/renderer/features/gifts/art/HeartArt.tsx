/** A heart of glass. */
export function HeartArt() {
  return (
    <g>
      <path
        d="M64 116C24 88 8 64 11 42C14 20 44 10 64 36C84 10 114 20 117 42C120 64 104 88 64 116Z"
        fill="url(#gp-ball-red)"
      />
      <path d="M64 106C32 82 20 62 21 46C60 78 96 70 112 56C106 74 90 90 64 106Z" fill="#7d0526" opacity="0.28" />
      <path
        d="M24 42C26 30 38 26 46 31"
        stroke="#fff"
        strokeWidth="7"
        strokeLinecap="round"
        fill="none"
        opacity="0.85"
      />
      <circle cx="24" cy="54" r="3.4" fill="#fff" opacity="0.8" />
    </g>
  )
}
