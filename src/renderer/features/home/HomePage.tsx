import { SearchField } from '@/features/search/SearchField'

export function HomePage({ visible }: { visible: boolean }) {
  return (
    <section aria-label="Home" hidden={!visible} style={{ padding: 24 }}>
      <SearchField />
    </section>
  )
}
