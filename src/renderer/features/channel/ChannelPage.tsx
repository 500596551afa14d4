export function ChannelPage({ visible }: { visible: boolean }) {
  return <section aria-label="Channel" hidden={!visible} />
}
