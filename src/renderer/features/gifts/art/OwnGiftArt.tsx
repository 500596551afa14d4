/** The frame of a gift that somebody designed: until its picture is here, and where it has none. */
export function OwnGiftArt() {
  return (
    <g>
      <rect x="18" y="52" width="92" height="66" rx="8" fill="url(#gp-violet)" />
      <path d="M18 60H110V72H18Z" fill="#2e0f73" opacity="0.35" />
      <rect x="10" y="40" width="108" height="24" rx="7" fill="url(#gp-violet)" />
      <path d="M54 40H74V118H54Z" fill="url(#gp-gold)" />
      <path d="M64 40C42 40 26 30 32 18C40 6 60 18 64 40Z" fill="url(#gp-gold)" stroke="#b86407" strokeWidth="1.5" />
      <path d="M64 40C86 40 102 30 96 18C88 6 68 18 64 40Z" fill="url(#gp-gold)" stroke="#b86407" strokeWidth="1.5" />
      <path d="M16 46H50" stroke="#fff" strokeWidth="4" strokeLinecap="round" opacity="0.6" />
    </g>
  )
}
