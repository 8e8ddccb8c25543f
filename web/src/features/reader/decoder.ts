/** Reads QR codes from a picture: by the browser where it can, else by ZXing, loaded only then and from our own origin. */
import type { Seen } from './sights'

export type Decode = (video: HTMLVideoElement) => Promise<readonly Seen[]>

interface NativeDetector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string; boundingBox: DOMRectReadOnly }[]>
}
interface NativeDetectorClass {
  new (options: { formats: string[] }): NativeDetector
  getSupportedFormats(): Promise<string[]>
}

const LONGER_SIDE_MAX = 960 // of what is read at once: the whole picture made smaller, or its middle as it is
const CODES_MAX = 4

export async function makeDecoder(): Promise<Decode> {
  return (await nativeDecoder()) ?? (await wasmDecoder())
}

async function nativeDecoder(): Promise<Decode | null> {
  const Detector = (globalThis as { BarcodeDetector?: NativeDetectorClass }).BarcodeDetector
  if (!Detector || !(await Detector.getSupportedFormats().catch((): string[] => [])).includes('qr_code')) return null
  const detector = new Detector({ formats: ['qr_code'] })
  return async video => {
    const found = await detector.detect(video).catch(() => [])
    return found.map(({ rawValue, boundingBox: { x, y, width, height } }) => ({
      text: rawValue,
      x: (x + width / 2) / video.videoWidth,
      y: (y + height / 2) / video.videoHeight,
    }))
  }
}

/** What of the picture is read, in its own pixels, and how much smaller. */
interface Cut {
  left: number
  top: number
  width: number
  height: number
  scale: number
}

function whole(width: number, height: number): Cut {
  return { left: 0, top: 0, width, height, scale: Math.min(1, LONGER_SIDE_MAX / Math.max(width, height)) }
}

/** The middle at full resolution: a code far away is small there, but whole. */
function middle(width: number, height: number): Cut {
  const cut = { width: Math.min(width, LONGER_SIDE_MAX), height: Math.min(height, LONGER_SIDE_MAX) }
  return { ...cut, left: Math.round((width - cut.width) / 2), top: Math.round((height - cut.height) / 2), scale: 1 }
}

async function wasmDecoder(): Promise<Decode> {
  const [{ prepareZXingModule, readBarcodes }, { default: wasm }] = await Promise.all([
    import('zxing-wasm/reader'),
    import('zxing-wasm/reader/zxing_reader.wasm?url'),
  ])
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true })
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })!

  const look = async (video: HTMLVideoElement, { left, top, width, height, scale }: Cut, binarizer: 'LocalAverage' | 'GlobalHistogram'): Promise<Seen[]> => {
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    context.drawImage(video, left, top, width, height, 0, 0, canvas.width, canvas.height)
    const picture = context.getImageData(0, 0, canvas.width, canvas.height)
    const found = await readBarcodes(picture, { formats: ['QRCode'], tryHarder: true, binarizer, maxNumberOfSymbols: CODES_MAX })
    return found.filter(({ text }) => text).map(({ text, position: { topLeft, bottomRight } }) => ({
      text,
      x: (left + (topLeft.x + bottomRight.x) / 2 / scale) / video.videoWidth,
      y: (top + (topLeft.y + bottomRight.y) / 2 / scale) / video.videoHeight,
    }))
  }

  return async video => {
    const { videoWidth: width, videoHeight: height } = video
    if (!width || !height) return []
    const seen = await look(video, whole(width, height), 'LocalAverage')
    if (seen.length) return seen
    const near = middle(width, height)
    const sharper = await look(video, near, 'LocalAverage')
    return sharper.length ? sharper : look(video, near, 'GlobalHistogram')
  }
}
