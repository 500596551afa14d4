/** One hand, fingers up; the palm's middle is 0, 0. */
function Hand() {
  const finger = (x: number, top: number) => (
    <rect
      key={x}
      x={x}
      y={top}
      width="11.5"
      height={14 - top}
      rx="5.7"
      fill="url(#gp-skin)"
      stroke="#b8690f"
      strokeWidth="1.6"
    />
  )
  return (
    <g>
      <rect x="-17" y="22" width="36" height="24" rx="6" fill="url(#gp-ball-blue)" />
      <rect x="-19" y="20" width="40" height="9" rx="4.5" fill="#dcefff" />
      {finger(-22, -26)}
      {finger(-10.5, -36)}
      {finger(1, -38)}
      {finger(12.5, -29)}
      <rect x="-23" y="-10" width="47" height="36" rx="15" fill="url(#gp-skin)" stroke="#b8690f" strokeWidth="1.6" />
      <rect x="-20" y="-9" width="41" height="14" fill="url(#gp-skin)" opacity="0.9" />
      <path
        d="M22 6C30 2 34 -8 33 -15C32 -21 25 -21 23 -15C21 -9 17 -5 12 -2"
        fill="url(#gp-skin)"
        stroke="#b8690f"
        strokeWidth="1.6"
      />
      <path d="M-14 8C-8 16 4 17 12 12" stroke="#d98a1c" strokeWidth="2" strokeLinecap="round" fill="none" />
    </g>
  )
}

/** Two hands. */
export function ClapArt() {
  return (
    <g>
      <g className="gift-part--hand-back">
        <g transform="translate(80 74) rotate(22) scale(-1 1)">
          <Hand />
        </g>
      </g>
      <g className="gift-part--hand-front">
        <g transform="translate(50 72) rotate(-14)">
          <Hand />
        </g>
      </g>
      <g className="gift-part--sparks" stroke="#ffe07a" strokeWidth="5" strokeLinecap="round">
        <path d="M60 20L58 8" />
        <path d="M80 20L86 9" />
        <path d="M98 30L108 22" />
        <path d="M42 24L34 14" />
      </g>
    </g>
  )
}
