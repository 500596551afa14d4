/** Lips. */
export function KissArt() {
  return (
    <g>
      <path d="M14 62C34 54 96 54 114 62C98 76 82 80 64 80C46 80 30 76 14 62Z" fill="#5c0620" />
      <path d="M40 60.5C48 58 80 58 88 60.5L86 66C78 64 50 64 42 66Z" fill="#fff" opacity="0.95" />
      <path
        d="M8 62C22 42 40 30 53 38C57 40.5 60 45 64 45C68 45 71 40.5 75 38C88 30 106 42 120 62C104 59 92 57 79 60C73 61.4 69 63 64 63C59 63 55 61.4 49 60C36 57 24 59 8 62Z"
        fill="url(#gp-coral)"
      />
      <path
        d="M8 62C24 66 36 68 49 67C55 66.5 60 68 64 68C68 68 73 66.5 79 67C92 68 104 66 120 62C110 86 90 100 64 100C38 100 18 86 8 62Z"
        fill="url(#gp-coral)"
      />
      <path
        d="M34 44C42 38 48 38 53 43"
        stroke="#fff"
        strokeWidth="4"
        strokeLinecap="round"
        fill="none"
        opacity="0.6"
      />
      <path
        d="M42 84C54 90 74 90 86 83"
        stroke="#fff"
        strokeWidth="6"
        strokeLinecap="round"
        fill="none"
        opacity="0.45"
      />
    </g>
  )
}
