/** A yacht that sails to the right. */
export function YachtArt() {
  return (
    <g>
      <g className="gift-part--hull">
        <path d="M64 16V46" stroke="#93a1b8" strokeWidth="2.5" />
        <path d="M64 16L82 21L64 27Z" fill="url(#gp-coral)" />
        <path d="M48 44H86L94 56H44Z" fill="url(#gp-steel)" />
        <path d="M53 47.500H83L87 53H52Z" fill="url(#gp-night)" />
        <path d="M30 56H98L112 72H26Z" fill="url(#gp-cream)" />
        <path d="M38 60.500H94L101 67.500H36Z" fill="url(#gp-night)" />
        <path
          d="M46 60.500L44 67.500M58 60.500L57 67.500M70 60.500L71 67.500M82 60.500L84 67.5"
          stroke="#fff"
          strokeWidth="2"
        />
        <path d="M4 72H126C120 86 112 96 104 102H20C12 96 7 86 4 72Z" fill="url(#gp-steel)" />
        <path d="M4 72H126L123 78H6.500Z" fill="#fff" />
        <path d="M9 84H119L114 92H13Z" fill="url(#gp-ball-blue)" />
        {[30, 44, 58, 72, 86].map((x) => (
          <circle key={x} cx={x} cy="81" r="2.2" fill="#2b3a63" />
        ))}
        <path d="M8 72V64M18 72V64M8 64.500H26" stroke="#93a1b8" strokeWidth="1.6" />
      </g>
      <g className="gift-part--water">
        <path
          d="M0 102C10 94 20 94 30 101C40 108 50 108 60 101C70 94 80 94 90 101C100 108 112 106 128 97V124C84 128 40 128 0 124Z"
          fill="url(#gp-sea)"
        />
        <path
          d="M0 106C10 99 20 99 30 106C40 112 50 112 60 106C70 99 80 99 90 106C100 112 112 110 128 102"
          stroke="#d8f3ff"
          strokeWidth="3"
          strokeLinecap="round"
          fill="none"
        />
      </g>
    </g>
  )
}
