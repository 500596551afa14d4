interface TowerProps {
  x: number
  top: number
  width: number
  flag: string
}

/** A round tower with a pointed roof; stands on the ground at 116. */
function Tower({ x, top, width, flag }: TowerProps) {
  const half = width / 2
  return (
    <g transform={`translate(${x} 0)`}>
      <rect x={-half} y={top} width={width} height={116 - top} fill="url(#gp-lilac)" />
      <rect x={-half} y={top} width={width * 0.3} height={116 - top} fill="#fff" opacity="0.55" />
      <rect x={-half - 3} y={top - 3} width={width + 6} height="7" rx="3" fill="url(#gp-violet)" />
      <path d={`M${-half - 4} ${top - 2}L0 ${top - width * 1.5}L${half + 4} ${top - 2}Z`} fill="url(#gp-roof)" />
      <path
        d={`M${-half - 4} ${top - 2}L0 ${top - width * 1.5}L${-half * 0.2} ${top - 2}Z`}
        fill="#fff"
        opacity="0.28"
      />
      <path d={`M0 ${top - width * 1.5}V${top - width * 1.5 - 11}`} stroke="#8f4705" strokeWidth="1.6" />
      <path
        d={`M0 ${top - width * 1.5 - 11}L11 ${top - width * 1.5 - 7.5}L0 ${top - width * 1.5 - 4}Z`}
        fill={flag}
        className="gift-part--flag"
      />
      <path
        d={`M-3.5 ${top + 20}V${top + 13}C-3.5 ${top + 8} 3.5 ${top + 8} 3.5 ${top + 13}V${top + 20}Z`}
        fill="#ffd95a"
        className="gift-part--window"
      />
    </g>
  )
}

/** A fairy-tale castle. */
export function CastleArt() {
  return (
    <g>
      <ellipse cx="64" cy="116" rx="62" ry="9" fill="url(#gp-leaf)" />
      <Tower x={64} top={48} width={24} flag="#ffd95a" />
      <Tower x={36} top={64} width={18} flag="#6db8ff" />
      <Tower x={92} top={64} width={18} flag="#6db8ff" />
      <path d="M22 84H106V116H22Z" fill="url(#gp-lilac)" />
      <path
        d="M22 84V78H30V84H38V78H46V84H54V78H62V84H66V78H74V84H82V78H90V84H98V78H106V92H22Z"
        fill="url(#gp-violet)"
      />
      <Tower x={16} top={76} width={17} flag="#ff4f7b" />
      <Tower x={112} top={76} width={17} flag="#ff4f7b" />
      <path d="M52 116V102C52 90 76 90 76 102V116Z" fill="url(#gp-choco)" />
      <path d="M64 93V116M56 96V116M72 96V116" stroke="#3a190a" strokeWidth="1.2" opacity="0.7" />
      <path d="M49 116V102C49 86 79 86 79 102V116H76V102C76 90 52 90 52 102V116Z" fill="url(#gp-gold)" />
      <path d="M34 98H42V106H34ZM86 98H94V106H86Z" fill="#ffd95a" className="gift-part--window" />
    </g>
  )
}
