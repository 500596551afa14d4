export function HomePage({ visible }: { visible: boolean }) {
  return <section aria-label="Home" hidden={!visible} />
}
