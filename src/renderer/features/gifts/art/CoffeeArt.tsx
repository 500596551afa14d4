/** A cup of coffee with a heart in its foam. */
export function CoffeeArt() {
  return (
    <g>
      <ellipse cx="60" cy="110" rx="50" ry="11" fill="url(#gp-steel)" />
      <ellipse cx="60" cy="107" rx="34" ry="6" fill="#8b97ad" opacity="0.5" />
      <path d="M94 62C116 58 122 88 90 90" stroke="url(#gp-steel)" strokeWidth="9" fill="none" strokeLinecap="round" />
      <path d="M18 54H100C100 88 88 108 60 108C32 108 18 88 18 54Z" fill="url(#gp-cream)" />
      <path d="M18 54H34C34 84 42 104 56 107.900C30 106 18 86 18 54Z" fill="#fff" opacity="0.7" />
      <path d="M100 54H86C86 84 76 104 62 108C88 107 100 86 100 54Z" fill="#e2b39a" opacity="0.45" />
      <ellipse cx="59" cy="54" rx="41" ry="13" fill="#f6e6da" />
      <ellipse cx="59" cy="54" rx="36" ry="10" fill="url(#gp-choco)" />
      <path
        d="M59 62C44 56 42 49 48 47.500C54 46 58 49 59 51.500C60 49 64 46 70 47.500C76 49 74 56 59 62Z"
        fill="#ffe8d0"
      />
      <path d="M59 88C50 82 46 77 47 72C48 67 56 66 59 71C62 66 70 67 71 72C72 77 68 82 59 88Z" fill="url(#gp-coral)" />
      <g
        className="gift-part--steam"
        fill="none"
        stroke="#fff"
        strokeOpacity="0.55"
        strokeWidth="5"
        strokeLinecap="round"
      >
        <path d="M42 40C34 30 50 24 42 10" />
        <path d="M60 38C52 26 68 20 60 4" />
        <path d="M78 40C70 30 86 24 78 10" />
      </g>
    </g>
  )
}
