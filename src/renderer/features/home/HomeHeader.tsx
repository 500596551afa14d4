import { Flame, PlaySquare, Radio, SlidersHorizontal, Sparkles, UserRoundCheck, Zap } from 'lucide-react'
import { CATEGORY_WORDS, categoryName } from '@shared/community/categories'
import { SearchField } from '@/features/search/SearchField'
import { useWatch } from '@/features/watch/watch-store'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { Segmented, type Segment } from '@/ui/Segmented'
import { useHome, type HomeTab } from './home-store'
import { openShorts } from './video-store'

const TABS: readonly Segment<HomeTab>[] = [
  { value: 'forYou', label: 'For you', icon: <Sparkles size={15} /> },
  { value: 'following', label: 'Following', icon: <UserRoundCheck size={15} /> },
  { value: 'popular', label: 'Popular', icon: <Flame size={15} /> },
  { value: 'newest', label: 'New', icon: <Zap size={15} /> },
  { value: 'lives', label: 'Live', icon: <Radio size={15} /> },
]

function Categories() {
  const tab = useHome((state) => state.tab)
  const category = useHome((state) => state.category)
  const choose = useHome((state) => state.choose)
  return (
    <div className="home-chips" role="group" aria-label="Categories">
      {[null, ...CATEGORY_WORDS].map((word) => (
        <button
          key={word ?? ''}
          type="button"
          className="home-chip"
          aria-pressed={word === category}
          onClick={() => choose(tab, word)}
        >
          {word === null ? 'All' : categoryName(word)}
        </button>
      ))}
    </div>
  )
}

interface HomeHeaderProps {
  tuning: boolean
  onTune: () => void
}

/** What Home shows: which list, of which category. */
export function HomeHeader({ tuning, onTune }: HomeHeaderProps) {
  const tab = useHome((state) => state.tab)
  const choose = useHome((state) => state.choose)
  const lives = useWatch((state) => state.lives.length)
  const tabs = TABS.map((one) => (one.value === 'lives' && lives > 0 ? { ...one, label: `Live ${lives}` } : one))
  return (
    <header className="home__header">
      <h1 className="visually-hidden">Home</h1>
      <div className="home__bar">
        <SearchField />
        <span className="home__space" />
        {tab === 'forYou' && (
          <IconButton
            label="Tune recommendations"
            side="bottom"
            align="end"
            variant="plain"
            aria-expanded={tuning}
            onClick={onTune}
          >
            <SlidersHorizontal size={18} />
          </IconButton>
        )}
        <Button icon={<PlaySquare size={16} />} onClick={() => void openShorts()}>
          Shorts
        </Button>
      </div>
      <div className="home__tabs">
        <Segmented label="What to show" segments={tabs} value={tab} onChange={(value) => choose(value)} />
      </div>
      {(tab === 'popular' || tab === 'newest') && <Categories />}
    </header>
  )
}
