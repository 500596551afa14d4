export function MessagesPage({ visible }: { visible: boolean }) {
  return <section aria-label="Messages" hidden={!visible} />
}
