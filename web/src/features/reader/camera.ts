/** The device's camera: opened, switched, lit, and read until it is closed. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { makeDecoder } from './decoder'
import type { Seen } from './sights'

export type CameraState = 'opening' | 'on' | 'denied' | 'missing' | 'busy'

export interface Camera {
  /** Give it to the `video` element as its ref. */
  show: (video: HTMLVideoElement | null) => void
  state: CameraState
  hasTorch: boolean
  isLit: boolean
  light: () => void
  hasOther: boolean
  other: () => void
  retry: () => void
}

const LOOK_EVERY_MS = 120
type TorchCapabilities = MediaTrackCapabilities & { torch?: boolean }

/** Reads codes while the screen is shown; `onLook` gets what each look saw, also nothing and the same again. */
export function useCamera(onLook: (seen: readonly Seen[]) => void): Camera {
  const [video, show] = useState<HTMLVideoElement | null>(null)
  const stream = useRef<MediaStream | null>(null)
  const heard = useRef(onLook)
  useEffect(() => {
    heard.current = onLook
  }, [onLook])
  const [state, setState] = useState<CameraState>('opening')
  const [lens, setLens] = useState<string>()
  const [lenses, setLenses] = useState<readonly string[]>([])
  const [hasTorch, setHasTorch] = useState(false)
  const [isLit, setIsLit] = useState(false)
  const [attempt, setAttempt] = useState(0)

  useEffect(() => {
    if (!video) return
    const over = new AbortController()
    const { signal } = over
    const close = () => {
      over.abort()
      stream.current?.getTracks().forEach(track => track.stop())
      stream.current = null
    }
    const start = async () => {
      setState('opening')
      const opened = await open(lens)
      if (signal.aborted) return opened.getTracks().forEach(track => track.stop())
      stream.current = opened
      const track = opened.getVideoTracks()[0]!
      setHasTorch(Boolean((track.getCapabilities?.() as TorchCapabilities | undefined)?.torch))
      setIsLit(false)
      setLenses(await lensIds())
      if (signal.aborted) return
      await play(video, opened)
      setState('on')
      const decode = await makeDecoder()
      while (!signal.aborted) {
        const seen = document.hidden ? [] : await decode(video)
        if (!signal.aborted) heard.current(seen)
        await new Promise(done => setTimeout(done, LOOK_EVERY_MS))
      }
    }
    start().catch((thrown: unknown) => !signal.aborted && setState(whyNot(thrown)))
    return close
  }, [video, lens, attempt])

  const light = useCallback(() => {
    const track = stream.current?.getVideoTracks()[0]
    void track?.applyConstraints({ advanced: [{ torch: !isLit } as MediaTrackConstraintSet] }).then(() => setIsLit(!isLit), () => undefined)
  }, [isLit])

  const other = useCallback(() => {
    const now = stream.current?.getVideoTracks()[0]?.getSettings().deviceId
    setLens(lenses[(lenses.indexOf(now ?? '') + 1) % lenses.length])
  }, [lenses])

  return { show, state, hasTorch, isLit, light, hasOther: lenses.length > 1, other, retry: () => setAttempt(n => n + 1) }
}

async function play(video: HTMLVideoElement, stream: MediaStream): Promise<void> {
  video.srcObject = stream
  await video.play().catch(() => undefined) // a screen that is just closing
}

function open(lens: string | undefined): Promise<MediaStream> {
  if (!navigator.mediaDevices) return Promise.reject(new DOMException('', 'NotFoundError'))
  const which = lens ? { deviceId: { exact: lens } } : { facingMode: 'environment' }
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, width: { ideal: 1920 }, height: { ideal: 1080 } } })
}

async function lensIds(): Promise<string[]> {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => [])
  return devices.filter(device => device.kind === 'videoinput').map(device => device.deviceId)
}

function whyNot(thrown: unknown): CameraState {
  const name = thrown instanceof DOMException ? thrown.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'missing'
}
