/** A rose with its leaf. */
export function RoseArt() {
  return (
    <g>
      <path d="M63 70C67 88 62 106 66 124" stroke="#1f8a45" strokeWidth="5" strokeLinecap="round" fill="none" />
      <path d="M65 104C76 82 98 84 110 88C104 106 84 114 65 104Z" fill="url(#gp-leaf)" />
      <path d="M67 103C80 98 92 93 106 90" stroke="#0f6a33" strokeWidth="1.6" fill="none" opacity="0.6" />
      <path d="M64 92C52 80 36 84 28 90C36 102 52 104 64 94Z" fill="url(#gp-leaf)" />
      <g className="gift-part--bloom">
        <path
          d="M64 8C38 4 24 24 30 46C34 66 50 80 64 80C78 80 94 66 98 46C104 24 90 4 64 8Z"
          fill="url(#gp-petal-deep)"
        />
        <path d="M31 32C14 48 26 80 64 82C46 68 40 52 44 36C39 32 35 31 31 32Z" fill="url(#gp-petal)" />
        <path d="M97 32C114 48 102 80 64 82C82 68 88 52 84 36C89 32 93 31 97 32Z" fill="url(#gp-petal)" />
        <path d="M40 36C40 60 50 76 64 80C78 76 88 60 88 36C78 50 50 50 40 36Z" fill="url(#gp-petal)" />
        <ellipse cx="64" cy="33" rx="25" ry="15" fill="url(#gp-petal-deep)" />
        <path d="M42 33C44 18 84 16 86 33C80 44 50 44 42 33Z" fill="url(#gp-petal)" />
        <path
          d="M52 32C53 23 76 22 77 32C77 39 60 40 59 33C60 28 70 28 70 33"
          stroke="#7d0a2c"
          strokeWidth="3"
          strokeLinecap="round"
          fill="none"
        />
        <path
          d="M37 46C34 58 42 70 52 75"
          stroke="#fff"
          strokeWidth="3"
          strokeLinecap="round"
          fill="none"
          opacity="0.4"
        />
      </g>
    </g>
  )
}
