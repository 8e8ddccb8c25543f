import './upload.css'
import { useRef, useState, type DragEvent, type ReactNode } from 'react'
import camera from '~icon/camera'
import done from '~icon/file-earmark-check'
import failed from '~icon/exclamation-circle-fill'
import file from '~icon/file-earmark-arrow-up'
import trash from '~icon/trash'
import up from '~icon/upload'
import { asProblem } from '@/lib/api/problem'
import { fileSize, percent } from '@/lib/format'
import { useTexts } from '@/lib/texts'
import { Button, IconButton } from './Button'
import { Fieldset } from './Field'
import { Icon } from './Icon'
import { uiTexts } from './texts'

export interface UploadedFile {
  id: string
  name: string
  bytes: number
  /** „zkontrolováno", or that it is being checked. */
  note?: string
}

interface UploadProps {
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
  name: string
  /** What is already there. */
  files: readonly UploadedFile[]
  /** Sends one file; the parent then gives it in `files`. Rejects with a Problem whose message stays by the file. */
  send: (file: File, onProgress: (share: number) => void) => Promise<unknown>
  remove: (id: string) => void
  /** „image/*,application/pdf" */
  accept: string
  bytesMax: number
  /** „Soubor má 14 MB. Nahrajte menší, stačí jedna strana." */
  tooLarge: (size: string) => string
}

interface Sending {
  key: number
  file: File
  share: number
  problem?: string
}

/** Photo or file, by choosing or dropping. A file that failed stays listed with the reason. */
export function Upload({ label, hint, error, name, files, send, remove, accept, bytesMax, tooLarge }: UploadProps) {
  const t = useTexts(uiTexts)
  const [sending, setSending] = useState<readonly Sending[]>([])
  const [over, setOver] = useState(false)
  const picker = useRef<HTMLInputElement>(null)
  const photo = useRef<HTMLInputElement>(null)
  const lastKey = useRef(0)

  const update = (key: number, change: Partial<Sending> | null) =>
    setSending(all => (change ? all.map(one => (one.key === key ? { ...one, ...change } : one)) : all.filter(one => one.key !== key)))

  async function start(one: Sending) {
    if (one.file.size > bytesMax) return update(one.key, { problem: tooLarge(fileSize(one.file.size)) })
    update(one.key, { problem: undefined, share: 0 })
    try {
      await send(one.file, share => update(one.key, { share }))
      update(one.key, null)
    } catch (thrown) {
      update(one.key, { problem: asProblem(thrown).message })
    }
  }

  function add(list: FileList | null) {
    const added = [...(list ?? [])].map(chosen => ({ key: ++lastKey.current, file: chosen, share: 0 }))
    setSending(all => [...all, ...added])
    added.forEach(one => void start(one))
  }

  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    add(event.dataTransfer.files)
  }

  return (
    <Fieldset legend={label} hint={hint} error={error} name={name}>
      <ul className="upload-list">
        {files.map(one => (
          <li key={one.id} className="upload-file">
            <Icon of={done} className="good" />
            <span className="grow"><span className="strong">{one.name}</span><span className="small soft upload-note">{fileSize(one.bytes)} · {one.note ?? t.uploaded}</span></span>
            <IconButton icon={trash} label={t.remove(one.name)} onClick={() => remove(one.id)} />
          </li>
        ))}
        {sending.map(one => (
          <li key={one.key} className="upload-file" data-failed={one.problem ? true : undefined}>
            <Icon of={one.problem ? failed : file} className={one.problem ? 'bad' : 'soft'} />
            <span className="grow">
              <span className="strong">{one.file.name}</span>
              <span className="small upload-note" role="status">{one.problem ?? (one.share < 1 ? t.uploading(percent(Math.round(one.share * 100) / 100)) : t.scanning)}</span>
              {!one.problem && <progress max={1} value={one.share} aria-label={one.file.name} />}
            </span>
            {one.problem && one.file.size <= bytesMax && <Button size="s" onClick={() => void start(one)}>{t.retryUpload}</Button>}
            {one.problem && <IconButton icon={trash} label={t.remove(one.file.name)} onClick={() => update(one.key, null)} />}
          </li>
        ))}
      </ul>
      <div className="upload-drop" data-over={over || undefined} onDragOver={event => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop}>
        <span className="small soft desktop-only">{t.dropHere}</span>
        <div className="buttons">
          <span className="phone-only"><Button icon={camera} onClick={() => photo.current?.click()}>{t.photograph}</Button></span>
          <Button icon={up} onClick={() => picker.current?.click()}>{t.upload}</Button>
        </div>
        <input ref={picker} type="file" hidden multiple accept={accept} onChange={event => { add(event.target.files); event.target.value = '' }} />
        <input ref={photo} type="file" hidden accept="image/*" capture="environment" onChange={event => { add(event.target.files); event.target.value = '' }} />
      </div>
    </Fieldset>
  )
}
