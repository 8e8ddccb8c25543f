import { ActivityScreen } from './Activity'

export default function ActivityPublic() {
  return <ActivityScreen app="www" />
}
