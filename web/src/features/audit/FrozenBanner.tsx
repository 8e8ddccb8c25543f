import './audit.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import pause from '~icon/pause-circle-fill'
import { useTexts } from '@/lib/texts'
import { Icon } from '@/ui/Icon'
import { freezesQuery } from './calls'
import { freezeTexts } from './freezes.texts'

const LOOK_EVERY_MS = 60_000

/** Above every screen of the town hall while money is stopped somewhere. */
export default function FrozenBanner({ city }: { city: string }) {
  const t = useTexts(freezeTexts)
  const { data } = useQuery({ ...freezesQuery(city), refetchInterval: LOOK_EVERY_MS })
  return (
    <div role="status">
      {data && data.items.length > 0 && (
        <div className="frozen-banner">
          <Icon of={pause} size={20} />
          <span>{data.items.some(({ what }) => what === 'town') ? t.banner : t.bannerParts(data.items.length)}</span>
          <Link href="/kniha/zastaveni">{t.bannerMore}</Link>
        </div>
      )}
    </div>
  )
}
