import './accordion.css'
import type { ReactNode } from 'react'
import chevron from '~icon/chevron-down'
import { Icon } from './Icon'

export interface AccordionItem {
  title: ReactNode
  content: ReactNode
  open?: boolean
}

/** On native `details`: found by the browser's search, printed whole. */
export function Accordion({ items }: { items: readonly AccordionItem[] }) {
  return (
    <div className="card accordion" data-flush>
      {items.map(({ title, content, open }, i) => (
        <details key={i} open={open}>
          <summary>
            <span className="strong">{title}</span>
            <Icon of={chevron} size={16} />
          </summary>
          <div className="accordion-content">{content}</div>
        </details>
      ))}
    </div>
  )
}
