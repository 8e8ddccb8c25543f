import { ActivityScreen } from './Activity'

export default function ActivityMoje() {
  return <ActivityScreen app="moje" />
}
