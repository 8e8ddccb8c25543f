/** What the ear is told: a rising pair for yes, a low buzz for no, one middle tone for "not here or not now". */
import type { Verdict } from '@/ui/shells/ReaderShell'

const STORED_AS = 'am.reader.silent'
const TONES: Record<Verdict, { hz: number[]; type: OscillatorType; ms: number; shake: number[] }> = {
  valid: { hz: [880, 1320], type: 'sine', ms: 110, shake: [60] },
  refused: { hz: [220, 180], type: 'square', ms: 200, shake: [180, 80, 180] },
  elsewhere: { hz: [520], type: 'triangle', ms: 260, shake: [120, 60, 120] },
  undecided: { hz: [420, 420], type: 'sine', ms: 140, shake: [120] },
}
let context: AudioContext | undefined

export const isSilent = () => localStorage.getItem(STORED_AS) !== null

export function setSilent(silent: boolean): void {
  if (silent) localStorage.setItem(STORED_AS, '1')
  else localStorage.removeItem(STORED_AS)
}

export function sound(verdict: Verdict): void {
  const { hz, type, ms, shake } = TONES[verdict]
  navigator.vibrate?.(shake)
  if (isSilent() || typeof AudioContext === 'undefined') return
  context ??= new AudioContext()
  hz.forEach((pitch, nth) => tone(context!, pitch, type, ms / 1000, nth))
}

function tone(audio: AudioContext, pitch: number, type: OscillatorType, seconds: number, nth: number): void {
  const oscillator = audio.createOscillator()
  const gain = audio.createGain()
  const start = audio.currentTime + nth * seconds
  oscillator.type = type
  oscillator.frequency.value = pitch
  gain.gain.setValueAtTime(0.25, start)
  gain.gain.exponentialRampToValueAtTime(0.001, start + seconds)
  oscillator.connect(gain).connect(audio.destination)
  oscillator.start(start)
  oscillator.stop(start + seconds)
}
